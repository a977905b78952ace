// Sweeps of successive over-relaxation on many five-point systems, a block for each: io.millrace.core.solver.Sor on GridStencil, with its bits.
//
//   x += (D / omega + L)^{-1} (b - A x)
//
// What a sweep needs of lower neighbours lies on the diagonal before, so diagonals follow each other and an element of one waits for no other.
#include "elementary.h"

__device__ inline double lower(const double* x, int side, int i, int j) {
  int k = i * side + j;
  return (i > 0 ? x[k - side] : 0) + (j > 0 ? x[k - 1] : 0);
}

__device__ inline double upper(const double* x, int side, int i, int j) {
  int k = i * side + j;
  return (j < side - 1 ? x[k + 1] : 0) + (i < side - 1 ? x[k + side] : 0);
}

// Sum of squares in order: what the norm is the root of, unless it left the range of doubles.
__device__ inline double squares(const double* r, int n) {
  double sum = 0;
  for (int k = 0; k < n; k++) {
    sum += r[k] * r[k];
  }
  return sum;
}

// b, x, r, y [systems x n], n = side^2: right sides, starts (moved), and scratch; diagonal, omega, tolerance [systems].
// iterations [systems]; norms [systems x 3]: squares of the residual's norm at the start, at the end, and one iteration before that.
extern "C" __global__ void __launch_bounds__(256) sor(int side, double coupling, const double* __restrict__ diagonal,
    const double* __restrict__ omega, const double* __restrict__ tolerance, int most, const double* __restrict__ b, double* x, double* r,
    double* y, int* iterations, double* norms) {
  SHARED(double, residual, 1);
  int n = side * side;
  int system = blockIdx.x;
  double d = diagonal[system];
  double pivot = omega[system] / d;
  b += (size_t)system * n;
  x += (size_t)system * n;
  r += (size_t)system * n;
  y += (size_t)system * n;
  double start = 0, before = 0, now = 0;
  int k = 0;
  for (;;) {
    for (int e = threadIdx.x; e < n; e += blockDim.x) {
      int i = e / side, j = e % side;
      r[e] = b[e] - (d * x[e] - coupling * (lower(x, side, i, j) + upper(x, side, i, j)));
    }
    __syncthreads();
    if (threadIdx.x == 0) {
      residual[0] = squares(r, n);
    }
    __syncthreads();
    before = k == 0 ? residual[0] : now;
    now = residual[0];
    start = k == 0 ? now : start;
    // The first k with |r_k| / |r_0| < tolerance; a start without a residual is the solution.
    double part = k == 0 ? 1 : sqrt(now) / sqrt(start);
    if (!(start > 0) || k == most || part < tolerance[system]) {
      break;
    }
    for (int diag = 0; diag < 2 * side - 1; diag++) {
      int low = diag < side ? 0 : diag - side + 1;
      int high = diag < side ? diag : side - 1;
      for (int i = low + threadIdx.x; i <= high; i += blockDim.x) {
        int j = diag - i;
        y[i * side + j] = (r[i * side + j] + coupling * lower(y, side, i, j)) * pivot;
      }
      __syncthreads();
    }
    for (int e = threadIdx.x; e < n; e += blockDim.x) {
      x[e] += y[e];
    }
    __syncthreads();
    k++;
  }
  if (threadIdx.x == 0) {
    iterations[system] = k;
    norms[3 * system] = start;
    norms[3 * system + 1] = now;
    norms[3 * system + 2] = before;
  }
}
