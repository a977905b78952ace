// Kernels for the tests of the emulated device: one that is right, and ten that have a fault each.
#include "elementary.h"

// Shared by what is right and what lacks a barrier: a sum over a block of 64, out[block] = sum of in.
extern "C" __global__ void sum_of_block(const double* in, double* out) {
  SHARED(double, part, 64);
  part[threadIdx.x] = in[blockIdx.x * 64 + threadIdx.x];
  __syncthreads();
  for (int half = 32; half > 0; half /= 2) {
    if (threadIdx.x < half) {
      part[threadIdx.x] += part[threadIdx.x + half];
    }
    __syncthreads();
  }
  if (threadIdx.x == 0) {
    out[blockIdx.x] = part[0];
  }
}

extern "C" __global__ void fault_no_barrier(const double* in, double* out) {
  SHARED(double, part, 64);
  part[threadIdx.x] = in[blockIdx.x * 64 + threadIdx.x];
  // here
  out[blockIdx.x * 64 + threadIdx.x] = part[63 - threadIdx.x];
}

extern "C" __global__ void fault_no_second_barrier(const double* in, double* out) {
  SHARED(double, part, 64);
  part[threadIdx.x] = in[blockIdx.x * 64 + threadIdx.x];
  __syncthreads();
  double next = part[(threadIdx.x + 1) % 64];
  // here
  part[threadIdx.x] = 2 * next;
  __syncthreads();
  out[blockIdx.x * 64 + threadIdx.x] = part[threadIdx.x];
}

extern "C" __global__ void fault_no_barrier_between_phases(const double* in, double* out) {
  SHARED(double, part, 64);
  part[threadIdx.x] = in[blockIdx.x * 64 + threadIdx.x];
  __syncthreads();
  for (int half = 32; half > 0; half /= 2) {
    if (threadIdx.x < half) {
      part[threadIdx.x] += part[threadIdx.x + half];
    }
    // here
  }
  if (threadIdx.x == 0) {
    out[blockIdx.x] = part[0];
  }
}

extern "C" __global__ void fault_no_warp_barrier(const double* in, double* out) {
  SHARED(double, part, 64);
  int lane = threadIdx.x % 32;
  part[threadIdx.x] = in[blockIdx.x * 64 + threadIdx.x];
  // here
  out[blockIdx.x * 64 + threadIdx.x] = part[threadIdx.x - lane + 31 - lane];
}

extern "C" __global__ void fault_no_second_warp_barrier(const double* in, double* out) {
  SHARED(double, part, 64);
  int lane = threadIdx.x % 32;
  part[threadIdx.x] = in[blockIdx.x * 64 + threadIdx.x];
  __syncwarp();
  double next = part[threadIdx.x - lane + (lane + 1) % 32];
  // here
  part[threadIdx.x] = 2 * next;
  __syncwarp();
  out[blockIdx.x * 64 + threadIdx.x] = part[threadIdx.x];
}

extern "C" __global__ void fault_index_off(const double* in, double* out) {
  int i = blockIdx.x * 64 + threadIdx.x;
  out[i] = in[i + 1];
}

extern "C" __global__ void fault_barrier_in_branch(const double* in, double* out) {
  SHARED(double, part, 64);
  part[threadIdx.x] = in[blockIdx.x * 64 + threadIdx.x];
  if (threadIdx.x < 32) {
    __syncthreads();
  } else {
    __syncthreads();
  }
  out[blockIdx.x * 64 + threadIdx.x] = part[63 - threadIdx.x];
}

extern "C" __global__ void fault_barrier_after_return(const double* in, double* out) {
  SHARED(double, part, 64);
  if (threadIdx.x >= 60) {
    return;
  }
  part[threadIdx.x] = in[blockIdx.x * 64 + threadIdx.x];
  __syncthreads();
  out[blockIdx.x * 64 + threadIdx.x] = part[59 - threadIdx.x];
}

extern "C" __global__ void fault_blocks_race(const double* in, double* out) {
  if (threadIdx.x == 0) {
    out[0] = in[blockIdx.x * 64];
  }
}

extern "C" __global__ void fault_uninitialized(const double* in, double* out) {
  SHARED(double, part, 64);
  if (threadIdx.x < 63) {
    part[threadIdx.x] = in[blockIdx.x * 64 + threadIdx.x];
  }
  __syncthreads();
  out[blockIdx.x * 64 + threadIdx.x] = part[threadIdx.x];
}
