// Noise as such, and the functions it is made of: for whoever wants to see that their bits are Java's.
#include "noise.h"

// out [streams x n]: normals 0 .. n - 1 of a step of each stream.
extern "C" __global__ void __launch_bounds__(256) philox_normals(const unsigned long long* keys, const unsigned long long* steps, int purpose, int n, double* out) {
  int stream = blockIdx.y;
  int block = blockIdx.x * blockDim.x + threadIdx.x;
  if (2 * block >= n) {
    return;
  }
  double even, odd;
  normal_pair(keys[stream], steps[stream], (unsigned)block, purpose, &even, &odd);
  out[(size_t)stream * n + 2 * block] = even;
  if (2 * block + 1 < n) {
    out[(size_t)stream * n + 2 * block + 1] = odd;
  }
}

// out [4 x n]: exponential and logarithm of x, sine and cosine of angles from 0 to 2 pi.
extern "C" __global__ void __launch_bounds__(256) strict_functions(int n, const double* x, const double* angles, double* out) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) {
    out[i] = strict_exp(x[i]);
    out[n + i] = strict_log(x[i]);
    strict_sincos(angles[i], &out[2 * n + i], &out[3 * n + i]);
  }
}
