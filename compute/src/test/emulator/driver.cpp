// CUDA's driver API over the fibers, as far as Millrace uses it: libcudaemu.so is loaded in place of libcuda.so.1. One device, whose memory is the
// heap: exact allocations, filled with NaN, and every copy is checked to lie within one. Work is queued and done when somebody waits for it, so
// that host memory which is used again too soon, or read too soon, shows. A kernel's fault ends the context, as on a device.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "cuda_on_cpu.h"
#include "fibers.h"
#include "kernels.h"

namespace {
enum Result {
  SUCCESS = 0,
  INVALID_VALUE = 1,
  OUT_OF_MEMORY = 2,
  NOT_INITIALIZED = 3,
  INVALID_DEVICE = 101,
  INVALID_CONTEXT = 201,
  INVALID_IMAGE = 200,
  INVALID_HANDLE = 400,
  NOT_FOUND = 500,
  LAUNCH_FAILED = 719,
};

struct Stream {
  std::vector<std::function<int()>> queue;
};

struct Module {
  std::string text;
};

std::recursive_mutex mutex;
bool initialized = false;
int retained = 0;
thread_local void* current_context = nullptr;
char context; // its address is the handle
std::map<uint64_t, size_t> memory;
std::map<uint64_t, size_t> pinned;
std::map<Stream*, bool> streams;
size_t budget = (size_t)1 << 30;
size_t used = 0;
bool pins = true;
long launches_left = -1;
uint64_t launches = 0;
int sticky = SUCCESS;
std::string message;

using Guard = std::lock_guard<std::recursive_mutex>;

int ready() { return !initialized ? NOT_INITIALIZED : sticky != SUCCESS ? sticky : current_context == nullptr ? INVALID_CONTEXT : SUCCESS; }

bool lies_within(const std::map<uint64_t, size_t>& all, uint64_t at, size_t bytes) {
  auto next = all.upper_bound(at);
  if (next == all.begin()) {
    return false;
  }
  auto found = std::prev(next);
  return at - found->first <= found->second && bytes <= found->second - (at - found->first);
}

int run(Stream* s) {
  std::vector<std::function<int()>> work;
  work.swap(s->queue);
  for (auto& w : work) {
    if (sticky != SUCCESS) {
      break;
    }
    int r = w();
    if (r != SUCCESS) {
      sticky = r;
    }
  }
  return sticky;
}

int run_all() {
  for (auto& s : streams) {
    run(s.first);
  }
  return sticky;
}

bool known(void* stream) { return streams.count(static_cast<Stream*>(stream)) > 0; }

void* reserve(size_t bytes) {
  void* p = std::malloc(bytes);
  std::memset(p, 0xff, bytes);
  return p;
}
} // namespace

#define BEGIN                 \
  Guard guard(mutex);         \
  if (int state = ready()) {  \
    return state;             \
  }

extern "C" {
// What tests ask of the emulated device, beside the driver API.
void emuReset(void) {
  Guard guard(mutex);
  for (auto& s : streams) {
    s.first->queue.clear();
  }
  sticky = SUCCESS;
  launches_left = -1;
  launches = 0;
  pins = true;
  budget = (size_t)1 << 30;
  message.clear();
  emulated::set_order(0);
}
void emuSetOrder(int which) { emulated::set_order(which); }
void emuSetBudget(uint64_t bytes) {
  Guard guard(mutex);
  budget = bytes;
}
// Whether the host has memory that can be pinned.
void emuSetPins(int whether) { pins = whether != 0; }
// The device is lost at a launch so many from now.
void emuLoseAfter(int launches) {
  Guard guard(mutex);
  launches_left = launches;
}
const char* emuMessage(void) { return message.c_str(); }
uint64_t emuBytesInUse(void) {
  Guard guard(mutex);
  return used;
}
uint64_t emuLaunches(void) { return launches; }

int cuInit(unsigned) {
  initialized = true;
  return SUCCESS;
}
int cuDeviceGetCount(int* count) {
  *count = 1;
  return initialized ? SUCCESS : NOT_INITIALIZED;
}
int cuDeviceGet(int* device, int ordinal) {
  *device = 0;
  return ordinal == 0 ? SUCCESS : INVALID_DEVICE;
}
int cuDeviceGetName(char* name, int length, int) {
  std::snprintf(name, (size_t)length, "emulated on a CPU");
  return SUCCESS;
}
int cuDeviceGetAttribute(int* value, int attribute, int) {
  switch (attribute) {
    case 1: // threads of a block
      *value = 1024;
      return SUCCESS;
    case 10: // lanes of a warp
      *value = 32;
      return SUCCESS;
    case 16: // multiprocessors
      *value = 1;
      return SUCCESS;
    case 75: // compute capability
      *value = 7;
      return SUCCESS;
    case 76:
      *value = 5;
      return SUCCESS;
    case 97: // most shared memory of a block that asks for it
      *value = 64 * 1024;
      return SUCCESS;
    default:
      return INVALID_VALUE;
  }
}
int cuDevicePrimaryCtxRetain(void** c, int) {
  if (!initialized) {
    return NOT_INITIALIZED;
  }
  retained++;
  *c = &context;
  return SUCCESS;
}
int cuDevicePrimaryCtxRelease_v2(int) { return --retained < 0 ? INVALID_CONTEXT : SUCCESS; }
int cuCtxSetCurrent(void* c) {
  current_context = c;
  return SUCCESS;
}
int cuMemGetInfo_v2(size_t* free, size_t* total) {
  BEGIN;
  *total = budget;
  *free = budget > used ? budget - used : 0;
  return SUCCESS;
}
int cuMemAlloc_v2(uint64_t* at, size_t bytes) {
  BEGIN;
  if (bytes == 0) {
    return INVALID_VALUE;
  }
  if (bytes > budget || used > budget - bytes) {
    return OUT_OF_MEMORY;
  }
  *at = (uint64_t)(uintptr_t)reserve(bytes);
  memory[*at] = bytes;
  used += bytes;
  return SUCCESS;
}
int cuMemFree_v2(uint64_t at) {
  Guard guard(mutex);
  auto found = memory.find(at);
  if (found == memory.end()) {
    return INVALID_VALUE;
  }
  run_all();
  used -= found->second;
  memory.erase(found);
  std::free((void*)(uintptr_t)at);
  return sticky;
}
int cuMemHostAlloc(void** at, size_t bytes, unsigned) {
  BEGIN;
  if (bytes == 0) {
    return INVALID_VALUE;
  }
  if (!pins) {
    return OUT_OF_MEMORY;
  }
  *at = reserve(bytes);
  pinned[(uint64_t)(uintptr_t)*at] = bytes;
  return SUCCESS;
}
int cuMemFreeHost(void* at) {
  Guard guard(mutex);
  run_all();
  if (pinned.erase((uint64_t)(uintptr_t)at) == 0) {
    return INVALID_VALUE;
  }
  std::free(at);
  return sticky;
}
int cuMemcpyHtoDAsync_v2(uint64_t to, const void* from, size_t bytes, void* stream) {
  BEGIN;
  if (!known(stream) || !lies_within(memory, to, bytes) || !lies_within(pinned, (uint64_t)(uintptr_t)from, bytes)) {
    return INVALID_VALUE;
  }
  static_cast<Stream*>(stream)->queue.push_back([=] {
    std::memcpy((void*)(uintptr_t)to, from, bytes);
    return (int)SUCCESS;
  });
  return SUCCESS;
}
int cuMemcpyDtoHAsync_v2(void* to, uint64_t from, size_t bytes, void* stream) {
  BEGIN;
  if (!known(stream) || !lies_within(memory, from, bytes) || !lies_within(pinned, (uint64_t)(uintptr_t)to, bytes)) {
    return INVALID_VALUE;
  }
  static_cast<Stream*>(stream)->queue.push_back([=] {
    std::memcpy(to, (const void*)(uintptr_t)from, bytes);
    return (int)SUCCESS;
  });
  return SUCCESS;
}
int cuMemcpyDtoDAsync_v2(uint64_t to, uint64_t from, size_t bytes, void* stream) {
  BEGIN;
  if (!known(stream) || !lies_within(memory, from, bytes) || !lies_within(memory, to, bytes)) {
    return INVALID_VALUE;
  }
  static_cast<Stream*>(stream)->queue.push_back([=] {
    std::memcpy((void*)(uintptr_t)to, (const void*)(uintptr_t)from, bytes);
    return (int)SUCCESS;
  });
  return SUCCESS;
}
int cuStreamCreate(void** stream, unsigned) {
  BEGIN;
  Stream* s = new Stream();
  streams[s] = true;
  *stream = s;
  return SUCCESS;
}
int cuStreamDestroy_v2(void* stream) {
  Guard guard(mutex);
  if (!known(stream)) {
    return INVALID_HANDLE;
  }
  Stream* s = static_cast<Stream*>(stream);
  run(s);
  streams.erase(s);
  delete s;
  return sticky;
}
int cuStreamSynchronize(void* stream) {
  BEGIN;
  return known(stream) ? run(static_cast<Stream*>(stream)) : (int)INVALID_HANDLE;
}
int cuModuleLoadData(void** module, const char* image) {
  BEGIN;
  if (std::strstr(image, ".version ") == nullptr || std::strstr(image, ".address_size 64") == nullptr) {
    return INVALID_IMAGE;
  }
  *module = new Module{image};
  return SUCCESS;
}
int cuModuleUnload(void* module) {
  Guard guard(mutex);
  delete static_cast<Module*>(module);
  return SUCCESS;
}
int cuModuleGetFunction(void** function, void* module, const char* name) {
  BEGIN;
  if (static_cast<Module*>(module)->text.find(".entry " + std::string(name) + "(") == std::string::npos) {
    return NOT_FOUND;
  }
  for (int i = 0; i < KERNEL_COUNT; i++) {
    if (std::strcmp(KERNELS[i].name, name) == 0) {
      *function = const_cast<KernelEntry*>(&KERNELS[i]);
      return SUCCESS;
    }
  }
  return NOT_FOUND;
}
int cuLaunchKernel(void* function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared, void* stream,
    void** arguments, void** extra) {
  BEGIN;
  uint64_t threads = (uint64_t)bx * by * bz;
  if (!known(stream) || extra != nullptr || gx == 0 || gy == 0 || gz == 0 || gy > 65535 || gz > 65535 || threads == 0 || threads > 1024 ||
      shared > 64 * 1024) {
    return INVALID_VALUE;
  }
  if (launches_left == 0) {
    sticky = LAUNCH_FAILED;
    message = "the device was lost, as the test asked";
    return sticky;
  }
  if (launches_left > 0) {
    launches_left--;
  }
  launches++;
  const KernelEntry* kernel = static_cast<const KernelEntry*>(function);
  auto values = std::make_shared<std::vector<std::vector<char>>>();
  for (int i = 0; i < kernel->arguments; i++) {
    const char* from = static_cast<const char*>(arguments[i]);
    values->emplace_back(from, from + kernel->size_of(i));
  }
  static_cast<Stream*>(stream)->queue.push_back([=] {
    std::vector<void*> pointers;
    for (auto& v : *values) {
      pointers.push_back(v.data());
    }
    std::string fault = emulated::run_grid({gx, gy, gz}, {bx, by, bz}, shared, [&] { kernel->call(pointers.data()); });
    if (!fault.empty()) {
      message = std::string(kernel->name) + ": " + fault;
      return (int)LAUNCH_FAILED;
    }
    return (int)SUCCESS;
  });
  return SUCCESS;
}
int cuEventCreate(void** event, unsigned) {
  *event = new int(0);
  return SUCCESS;
}
int cuEventRecord(void*, void* stream) {
  BEGIN;
  return known(stream) ? SUCCESS : INVALID_HANDLE;
}
int cuEventSynchronize(void*) {
  BEGIN;
  return run_all();
}
int cuEventElapsedTime(float* milliseconds, void*, void*) {
  *milliseconds = 0; // nothing is measured here
  return SUCCESS;
}
int cuGetErrorName(int error, const char** name) {
  static const std::map<int, const char*> names = {{0, "CUDA_SUCCESS"}, {1, "CUDA_ERROR_INVALID_VALUE"}, {2, "CUDA_ERROR_OUT_OF_MEMORY"},
      {3, "CUDA_ERROR_NOT_INITIALIZED"}, {101, "CUDA_ERROR_INVALID_DEVICE"}, {200, "CUDA_ERROR_INVALID_IMAGE"},
      {201, "CUDA_ERROR_INVALID_CONTEXT"}, {400, "CUDA_ERROR_INVALID_HANDLE"}, {500, "CUDA_ERROR_NOT_FOUND"},
      {719, "CUDA_ERROR_LAUNCH_FAILED"}};
  auto found = names.find(error);
  *name = found == names.end() ? nullptr : found->second;
  return found == names.end() ? INVALID_VALUE : SUCCESS;
}
} // extern "C"
