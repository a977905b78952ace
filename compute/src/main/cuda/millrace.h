// What every kernel includes. Beside the two macros for shared memory, kernels are plain CUDA C++: nvcc compiles them for a device, g++ for the
// CPU (compute/src/test/emulator), where fresh shared memory has to be handed out for each block.
#pragma once

#ifdef __CUDACC__
#define SHARED(T, name, n) __shared__ T name[n]
#define DYN_SHARED(T, name)                              \
  extern __shared__ __align__(16) unsigned char name##_bytes[]; \
  T* const name = reinterpret_cast<T*>(name##_bytes)
#else
#include "cuda_on_cpu.h"
#endif

// Math.max: NaN wins.
__device__ inline double larger(double a, double b) { return a != a ? a : (b != b || b > a ? b : a); }

// |x|, and x with the sign turned where that of `by` is negative: on the bits, as Vectors has them.
__device__ inline double absolute(double x) { return __longlong_as_double(__double_as_longlong(x) & 0x7fffffffffffffffLL); }
__device__ inline bool negative(double x) { return __double_as_longlong(x) < 0; }
__device__ inline double flipped(double x, double by) {
  return __longlong_as_double(__double_as_longlong(x) ^ (__double_as_longlong(by) & (1LL << 63)));
}
__device__ inline double signed_as(double size, double x) {
  return __longlong_as_double((__double_as_longlong(size) & 0x7fffffffffffffffLL) | (__double_as_longlong(x) & (1LL << 63)));
}
__device__ inline bool is_finite(double x) { return absolute(x) < __longlong_as_double(0x7ff0000000000000LL); }
