// Products of matrices in float64: Gram matrices, correlations and statistics of dictionaries. Every element is summed in the order of the inner
// index, each product rounded before it is added: the bits of io.millrace.core.compute.PackedProduct.
#include "millrace.h"

enum { TILE = 64, DEEP = 16, EACH = 4 };

// C = alpha A B + beta C, C [m x n] row by row; element (i, j) of A lies at i rowA + j colA, of B likewise. A block of 256 threads has a tile of
// 64 x 64 elements, a thread 4 x 4 of them, 16 apart.
extern "C" __global__ void __launch_bounds__(256) product(int m, int n, int k, double alpha, const double* __restrict__ a, int rowA, int colA,
    const double* __restrict__ b, int rowB, int colB, double beta, double* __restrict__ c) {
  SHARED(double, left, DEEP * (TILE + 1));
  SHARED(double, right, DEEP * (TILE + 1));
  int tx = threadIdx.x % 16;
  int ty = threadIdx.x / 16;
  int top = blockIdx.y * TILE;
  int first = blockIdx.x * TILE;
  double sum[EACH][EACH];
#pragma unroll
  for (int p = 0; p < EACH; p++) {
#pragma unroll
    for (int q = 0; q < EACH; q++) {
      int i = top + ty + 16 * p;
      int j = first + tx + 16 * q;
      sum[p][q] = beta == 0 || i >= m || j >= n ? 0 : beta * c[(size_t)i * n + j];
    }
  }
  for (int from = 0; from < k; from += DEEP) {
    int deep = k - from < DEEP ? k - from : (int)DEEP;
    for (int e = threadIdx.x; e < TILE * DEEP; e += blockDim.x) {
      // Neighbours read neighbours, whichever way the matrix lies.
      int r = colA == 1 ? e / DEEP : e % TILE;
      int d = colA == 1 ? e % DEEP : e / TILE;
      bool inside = d < deep && top + r < m;
      left[d * (TILE + 1) + r] = inside ? alpha * a[(size_t)(top + r) * rowA + (size_t)(from + d) * colA] : 0;
      r = colB == 1 ? e % TILE : e / DEEP;
      d = colB == 1 ? e / TILE : e % DEEP;
      inside = d < deep && first + r < n;
      right[d * (TILE + 1) + r] = inside ? b[(size_t)(from + d) * rowB + (size_t)(first + r) * colB] : 0;
    }
    __syncthreads();
    for (int d = 0; d < deep; d++) {
      double u[EACH], v[EACH];
#pragma unroll
      for (int p = 0; p < EACH; p++) {
        u[p] = left[d * (TILE + 1) + ty + 16 * p];
        v[p] = right[d * (TILE + 1) + tx + 16 * p];
      }
#pragma unroll
      for (int p = 0; p < EACH; p++) {
#pragma unroll
        for (int q = 0; q < EACH; q++) {
          sum[p][q] += u[p] * v[q];
        }
      }
    }
    __syncthreads();
  }
#pragma unroll
  for (int p = 0; p < EACH; p++) {
#pragma unroll
    for (int q = 0; q < EACH; q++) {
      int i = top + ty + 16 * p;
      int j = first + tx + 16 * q;
      if (i < m && j < n) {
        c[(size_t)i * n + j] = sum[p][q];
      }
    }
  }
}
