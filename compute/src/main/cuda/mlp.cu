// Mini-batch gradients of multi-layer perceptrons, one block for each key: what io.millrace.core.model.MlpObjective computes, in the order of its
// sums, so that the bits are the same. Layers, rows and losses are those of MlpPass:
//
//   Z_l = A_(l-1) W_l + 1 b_l'     A_l = f(Z_l)     dW_l = A_(l-1)' D_l     db_l = D_l' 1     D_(l-1) = D_l W_l' * f'(Z_(l-1))
#include "elementary.h"

enum Loss { SQUARED, LOGISTIC, SOFTMAX };

// The loss's derivative in the outputs of a row, as the classes in io.millrace.core.model have it.
__device__ inline void derivative(int loss, int outputs, const double* raw, double y, double* out) {
  if (loss == SQUARED) {
    out[0] = raw[0] - y;
    return;
  }
  if (loss == LOGISTIC) {
    double e = strict_exp(-absolute(raw[0]));
    double side = 0.5 - y; // negative where the label is class 1
    double s = flipped(raw[0], side);
    out[0] = flipped((negative(s) ? e : 1.0) / (1 + e), side);
    return;
  }
  double top = raw[0];
  for (int k = 1; k < outputs; k++) {
    top = larger(top, raw[k]);
  }
  double sum = 0;
  for (int k = 0; k < outputs; k++) {
    out[k] = strict_exp(raw[k] - top);
    sum += out[k];
  }
  double scale = 1 / sum;
  int hit = (int)y;
  double others = 0;
  for (int k = 0; k < outputs; k++) {
    out[k] *= scale;
    others += k == hit ? 0 : out[k];
  }
  out[hit] = -others; // p - 1 without cancellation
}

// units [layers]: units of each layer, the outputs last; hidden ones are rectified. size: parameters of a key, padding included.
// theta, gradient [keys x size]; row_start [keys + 1] into x [rows x width], label and weight [rows].
// scratch [3 x rows x sum of units]; bad [keys]: the first row whose derivative is not finite, or its square; row count where there is none.
extern "C" __global__ void __launch_bounds__(256, 2) mlp_gradient(const int* __restrict__ units, int layers, int width, int loss, int size,
    const double* __restrict__ theta, const int* __restrict__ row_start, const double* __restrict__ x, const double* __restrict__ label,
    const double* __restrict__ weight, double* scratch, double* gradient, int* bad) {
  SHARED(int, first_bad, 1);
  int key = blockIdx.x;
  int first = row_start[key];
  int n = row_start[key + 1] - first;
  int all = 0;
  for (int l = 0; l < layers; l++) {
    all += units[l];
  }
  const double* p = theta + (size_t)key * size;
  double* g = gradient + (size_t)key * size;
  double* z = scratch + (size_t)3 * all * first;
  double* a = z + (size_t)all * n;
  double* d = a + (size_t)all * n;
  const double* rows = x + (size_t)first * width;
  if (threadIdx.x == 0) {
    first_bad[0] = n;
  }
  int at = 0;     // where the layer's parameters begin
  int before = 0; // units of the layers below it
  const double* input = rows;
  int inputs = width;
  for (int l = 0; l < layers; l++) {
    int out = units[l];
    const double* bias = p + at + inputs * out;
    for (int e = threadIdx.x; e < n * out; e += blockDim.x) {
      int r = e / out;
      int k = e % out;
      double sum = 0;
      for (int j = 0; j < inputs; j++) {
        sum += input[(size_t)r * inputs + j] * p[at + j * out + k];
      }
      sum += bias[k];
      z[(size_t)before * n + e] = sum;
      if (l < layers - 1) {
        a[(size_t)before * n + e] = sum > 0 || sum != sum ? sum : 0;
      }
    }
    __syncthreads();
    input = a + (size_t)before * n;
    at += (inputs + 1) * out;
    inputs = out;
    before += l < layers - 1 ? out : 0;
  }
  int outputs = units[layers - 1];
  for (int r = threadIdx.x; r < n; r += blockDim.x) {
    const double* raw = z + (size_t)before * n + (size_t)r * outputs;
    double* slope = d + (size_t)before * n + (size_t)r * outputs;
    derivative(loss, outputs, raw, label[first + r], slope);
    double factor = weight[first + r] / n;
    for (int k = 0; k < outputs; k++) {
      if (!is_finite(absolute(raw[k]) + slope[k] * slope[k])) {
        atomicMin(first_bad, r);
      }
      slope[k] *= factor;
    }
  }
  __syncthreads();
  for (int i = at + threadIdx.x; i < size; i += blockDim.x) {
    g[i] = 0;
  }
  for (int l = layers - 1; l >= 0; l--) {
    int out = units[l];
    inputs = l == 0 ? width : units[l - 1];
    at -= (inputs + 1) * out;
    const double* delta = d + (size_t)before * n;
    before -= l == 0 ? 0 : inputs;
    input = l == 0 ? rows : a + (size_t)before * n;
    for (int e = threadIdx.x; e < inputs * out; e += blockDim.x) {
      int j = e / out;
      int k = e % out;
      double sum = 0;
      for (int r = 0; r < n; r++) {
        sum += input[(size_t)r * inputs + j] * delta[(size_t)r * out + k];
      }
      g[at + e] = sum;
    }
    for (int k = threadIdx.x; k < out; k += blockDim.x) {
      double sum = 0;
      for (int r = 0; r < n; r++) {
        sum += delta[(size_t)r * out + k];
      }
      g[at + inputs * out + k] = sum;
    }
    if (l > 0) {
      for (int e = threadIdx.x; e < n * inputs; e += blockDim.x) {
        int r = e / inputs;
        int j = e % inputs;
        double sum = 0;
        for (int k = 0; k < out; k++) {
          sum += delta[(size_t)r * out + k] * p[at + j * out + k];
        }
        d[(size_t)before * n + e] = sum * (z[(size_t)before * n + e] > 0 ? 1.0 : 0.0);
      }
      __syncthreads();
    }
  }
  if (threadIdx.x == 0) {
    bad[key] = first_bad[0];
  }
}
