// The part of CUDA C++ that the kernels use, for g++: a thread is a fiber, a block is as many of them, and blocks run one after the other. A fiber
// runs until it meets a barrier or ends; then the next one runs, in an order that can be chosen, so that a barrier that is missing shows.
//
// Faults end the launch with a message that names kernel, block, thread and line: a barrier that not all threads reach, threads of a block at
// different barriers, lanes that vote on different lines. Shared memory is allocated anew for each block, to the byte, and filled with NaN.
#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

struct dim3 {
  unsigned x, y, z;
};

namespace emulated {
extern dim3 thread_index, block_index, block_size, grid_size;

void block_barrier(int line);
void warp_barrier(unsigned mask, int line);
// What the lanes of a warp hand each other: put own value, wait for the others of the mask, then read theirs until the next exchange.
void exchange(unsigned mask, uint64_t value, int line);
uint64_t of_lane(int lane);
unsigned lanes_with_true(unsigned mask);
void end_exchange(unsigned mask, int line);
void* shared(int site, size_t bytes);
void* dynamic_shared();
int lane();

inline unsigned ballot(unsigned mask, bool vote, int line) {
  exchange(mask, vote ? 1 : 0, line);
  unsigned all = lanes_with_true(mask);
  end_exchange(mask, line);
  return all;
}

template <class T>
T shuffle(unsigned mask, T value, int from, int line) {
  uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof(T));
  exchange(mask, bits, line);
  bits = of_lane(from & 31);
  end_exchange(mask, line);
  std::memcpy(&value, &bits, sizeof(T));
  return value;
}

template <class T>
T shuffle_down(unsigned mask, T value, int by, int line) {
  int own = lane();
  return shuffle(mask, value, own + by < 32 ? own + by : own, line);
}
template <class T>
T shuffle_xor(unsigned mask, T value, int by, int line) {
  return shuffle(mask, value, lane() ^ by, line);
}
} // namespace emulated

#define threadIdx emulated::thread_index
#define blockIdx emulated::block_index
#define blockDim emulated::block_size
#define gridDim emulated::grid_size
#define __global__
#define __device__
#define __launch_bounds__(...)
#define __restrict__ __restrict
#define SHARED(T, name, n) T* const name = static_cast<T*>(emulated::shared(__LINE__, sizeof(T) * (n)))
#define DYN_SHARED(T, name) T* const name = static_cast<T*>(emulated::dynamic_shared())
#define __syncthreads() emulated::block_barrier(__LINE__)
#define __syncwarp() emulated::warp_barrier(0xffffffffu, __LINE__)
#define __ballot_sync(mask, vote) emulated::ballot(mask, vote, __LINE__)
#define __shfl_sync(mask, value, from) emulated::shuffle(mask, value, from, __LINE__)
#define __shfl_xor_sync(mask, value, by) emulated::shuffle_xor(mask, value, by, __LINE__)
#define __shfl_down_sync(mask, value, by) emulated::shuffle_down(mask, value, by, __LINE__)

inline double __longlong_as_double(long long bits) {
  double x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}
inline double __longlong_as_double(unsigned long long bits) { return __longlong_as_double((long long)bits); }
inline long long __double_as_longlong(double x) {
  long long bits;
  std::memcpy(&bits, &x, sizeof bits);
  return bits;
}
inline int __ffs(unsigned x) { return __builtin_ffs((int)x); }
inline int __popc(unsigned x) { return __builtin_popcount(x); }
inline unsigned __umulhi(unsigned a, unsigned b) { return (unsigned)((uint64_t)a * b >> 32); }
inline int atomicMin(int* at, int value) {
  int old = __atomic_load_n(at, __ATOMIC_RELAXED);
  while (value < old && !__atomic_compare_exchange_n(at, &old, value, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
  }
  return old;
}
using std::sqrt;
