// Many chains of stochastic gradient Langevin dynamics on a Bayesian linear regression, a warp for each, many steps in one launch; rows and noise
// are drawn on the device. The bits are those of io.millrace.core.sample: Sampler with the estimator "mini-batch" and the diffusion "sgld", on
// gaussian.LinearRegression with a GaussianPrior.
//
//   v = -precision theta + rows / (share b) sum_{i in B} x_i (y_i - x_i' theta) / variance        theta += h/2 v + sqrt(h T) z
#include "noise.h"


// x [rows x d], y [rows]; theta [chains x d], moved; keys, steps [chains]: stream and number of the first step of each chain.
// Dynamic shared memory: for each warp d + b numbers, then b row numbers, rounded up to a number.
extern "C" __global__ void __launch_bounds__(128) langevin_regression(int chains, int d, int rows, int b, const double* __restrict__ x,
    const double* __restrict__ y, double variance, double precision, double share, double step_size, double temperature, int steps,
    const unsigned long long* __restrict__ keys, const unsigned long long* __restrict__ first_steps, int noise_purpose, int rows_purpose,
    double* theta) {
  DYN_SHARED(double, memory);
  int lane = threadIdx.x % 32;
  int warp = threadIdx.x / 32;
  int chain = blockIdx.x * (blockDim.x / 32) + warp;
  if (chain >= chains) {
    return; // the whole warp; no block waits for it
  }
  double* point = memory + (size_t)warp * (d + b + (b + 1) / 2);
  double* error = point + d;
  int* drawn = (int*)(error + b);
  for (int i = lane; i < d; i += 32) {
    point[i] = theta[(size_t)chain * d + i];
  }
  __syncwarp();
  unsigned long long key = keys[chain];
  double half = step_size / 2;
  double scale = rows / (share * b);
  double spread = sqrt(step_size * temperature);
  for (int s = 0; s < steps; s++) {
    unsigned long long step = first_steps[chain] + s;
    // Draw k is word k % 4 of block k / 4.
    for (int k = lane; k < b; k += 32) {
      Words u = philox((unsigned)step, (unsigned)(step >> 32), (unsigned)(k / 4), (unsigned)rows_purpose, (unsigned)key, (unsigned)(key >> 32));
      drawn[k] = (int)((unsigned long long)u.w[k % 4] * (unsigned)rows >> 32);
    }
    __syncwarp();
    // Four rows at a time, eight lanes each: lane q has the q-th of the eight sums that Vectors.dot has.
    for (int from = 0; from < b; from += 4) {
      int k = from + lane / 8;
      int q = lane % 8;
      double sum = 0;
      if (k < b) {
        const double* row = x + (size_t)drawn[k] * d;
        int whole = d / 8 * 8;
        for (int i = q; i < whole; i += 8) {
          sum += row[i] * point[i];
        }
        for (int i = whole; q == 0 && i < d; i++) {
          sum += row[i] * point[i];
        }
      }
      // ((s0 + s4) + (s1 + s5)) + ((s2 + s6) + (s3 + s7))
      sum += __shfl_down_sync(0xffffffffu, sum, 4);
      double next = __shfl_down_sync(0xffffffffu, sum, 1);
      sum += next;
      next = __shfl_down_sync(0xffffffffu, sum, 2);
      if (q == 0 && k < b) {
        error[k] = (y[drawn[k]] - (sum + next)) / variance;
      }
    }
    __syncwarp();
    for (int pair = lane; 2 * pair < d; pair += 32) {
      double z[2] = {0, 0};
      if (temperature != 0) {
        normal_pair(key, step, (unsigned)pair, noise_purpose, &z[0], &z[1]);
      }
      for (int i = 2 * pair; i < d && i < 2 * pair + 2; i++) {
        double gradient = 0;
        for (int k = 0; k < b; k++) {
          gradient += error[k] * x[(size_t)drawn[k] * d + i];
        }
        double drift = 0 - precision * point[i];
        drift += scale * gradient;
        double moved = point[i] + half * drift;
        point[i] = temperature != 0 ? moved + spread * z[i - 2 * pair] : moved;
      }
    }
    __syncwarp();
  }
  for (int i = lane; i < d; i += 32) {
    theta[(size_t)chain * d + i] = point[i];
  }
}
