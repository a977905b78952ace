// The kernels that the emulated device has, by name, with what unpacks their arguments.
#pragma once
#include <cstddef>

struct KernelEntry {
  const char* name;
  int arguments;
  size_t (*size_of)(int argument);
  void (*call)(void** arguments);
};

extern const KernelEntry KERNELS[];
extern const int KERNEL_COUNT;
