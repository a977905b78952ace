// Sparse codes by cyclic coordinate descent with an active set, a warp for each signal: io.millrace.core.dictionary.coder.CdLasso and PackedLasso,
// step by step and with their bits. Coordinates are visited one after the other; a ballot finds the next one that is to be visited. Whatever is
// decided is decided by all lanes alike, from memory they share, so every read of it is parted from the next write by a barrier of the warp.
#include "millrace.h"

struct Lasso {
  double lambda, lambda2;
  int non_negative;
};

// What a warp works on. Vectors [K] and [most], matrices [most x most] in rows of `stride`.
struct Search {
  int atoms, lane;
  const double* gram;
  double *a, *g;              // code, c - G a
  int* active;                // coordinates that were not zero after the last full pass
  int *atom, *place;          // those taken into the packed problem; where those that have not left stood
  double *before, *after, *entry, *pull, *pg, *move;
  double *packed, *factor;
  int stride;
};

__device__ inline double minimizer(const Lasso& p, double gradient, double diagonal, double old) {
  double r = gradient + diagonal * old;
  double size = (p.non_negative ? r : absolute(r)) - p.lambda;
  double moved = size > 0 ? signed_as(size, r) : 0;
  return moved == 0 || diagonal <= 0 ? 0 : moved / (diagonal + p.lambda2);
}

// Minimises over one coordinate, keeping g = c - G a; the size of its change.
__device__ inline double update(const Lasso& p, const Search& s, int j, double negligible) {
  const double* row = s.gram + (size_t)j * s.atoms;
  double old = s.a[j];
  double next = minimizer(p, s.g[j], row[j], old);
  double delta = next - old;
  double size = absolute(delta);
  __syncwarp();
  if (!(size > negligible)) {
    return 0;
  }
  if (s.lane == 0) {
    s.a[j] = next;
  }
  for (int i = s.lane; i < s.atoms; i += 32) {
    s.g[i] += -delta * row[i];
  }
  __syncwarp();
  return size;
}

// Updates every coordinate once, in order, and lists those not zero; the largest change.
__device__ inline double full_pass(const Lasso& p, const Search& s, double negligible, int* count) {
  double largest = 0;
  int found = 0;
  for (int first = 0; first < s.atoms; first += 32) {
    int from = 0; // lanes before it have been visited
    for (;;) {
      int mine = first + s.lane;
      bool visit = s.lane >= from && mine < s.atoms && (s.a[mine] != 0 || absolute(s.g[mine]) > p.lambda);
      unsigned votes = __ballot_sync(0xffffffffu, visit);
      if (votes == 0) {
        break;
      }
      int lane = __ffs(votes) - 1;
      int j = first + lane;
      largest = larger(largest, update(p, s, j, negligible));
      if (s.lane == 0) {
        s.active[found] = j;
      }
      found += s.a[j] != 0 ? 1 : 0;
      from = lane + 1;
    }
  }
  __syncwarp();
  *count = found;
  return largest;
}

// The Cholesky factor U with U' U = G_SS + lambda2 I, its rows before `from` there, its diagonal inverted; the first that depends on others.
__device__ inline int factorize(const Search& s, int count, int from) {
  for (int k = from; k < count; k++) {
    int at = k * s.stride;
    for (int l = k + s.lane; l < count; l += 32) {
      double v = s.packed[at + l];
      for (int q = 0; q < k; q++) {
        v -= s.factor[q * s.stride + k] * s.factor[q * s.stride + l];
      }
      s.factor[at + l] = v;
    }
    __syncwarp();
    double pivot = s.factor[at + k];
    if (!(pivot > 1e-12 * s.packed[at + k])) {
      return k;
    }
    double inverse = 1 / sqrt(pivot);
    __syncwarp();
    for (int l = k + s.lane; l < count; l += 32) {
      s.factor[at + l] = l == k ? inverse : s.factor[at + l] * inverse;
    }
    __syncwarp();
  }
  return count;
}

// move = (G_SS + lambda2 I)^-1 (g - pull - lambda2 entry)
__device__ inline void solve(const Lasso& p, const Search& s, int count) {
  for (int i = s.lane; i < count; i += 32) {
    s.move[i] = s.pg[i] - s.pull[i] - p.lambda2 * s.entry[i];
  }
  __syncwarp();
  for (int i = 0; i < count; i++) {
    int at = i * s.stride;
    double v = s.move[i] * s.factor[at + i];
    __syncwarp();
    for (int l = i + s.lane; l < count; l += 32) {
      s.move[l] = l == i ? v : s.move[l] - v * s.factor[at + l];
    }
    __syncwarp();
  }
  for (int i = count - 1; i >= 0; i--) {
    int at = i * s.stride;
    double v = s.move[i];
    for (int l = i + 1; l < count; l++) {
      v -= s.factor[at + l] * s.move[l];
    }
    __syncwarp();
    if (s.lane == 0) {
      s.move[i] = v * s.factor[at + i];
    }
    __syncwarp();
  }
}

// move = n with (G_SS + lambda2 I) n = 0, n_k = 1 and none behind k, or minus that: the way that does not raise the penalty.
__device__ inline void dependence(const Search& s, int count, int k) {
  double slope = s.pull[k];
  bool falls = s.entry[k] < 0;
  for (int i = k + s.lane; i < count; i += 32) {
    s.move[i] = i == k ? 1 : 0;
  }
  __syncwarp();
  for (int i = k - 1; i >= 0; i--) {
    int at = i * s.stride;
    double v = -s.factor[at + k];
    for (int l = i + 1; l < k; l++) {
      v -= s.factor[at + l] * s.move[l];
    }
    v *= s.factor[at + i];
    __syncwarp();
    if (s.lane == 0) {
      s.move[i] = v;
    }
    __syncwarp();
    slope += s.pull[i] * v;
    falls |= v * s.entry[i] < 0;
  }
  if (slope > 0 || !falls) {
    for (int i = s.lane; i <= k; i += 32) {
      s.move[i] = -s.move[i];
    }
  }
  __syncwarp();
}

// Moves what lies behind `from` one place to the front: [from + 1 .. to] to [from .. to - 1] of a vector, or of two rows of a matrix.
template <class T>
__device__ inline void shift(const Search& s, T* to, const T* from, int n) {
  for (int first = 0; first < n; first += 32) {
    int k = first + s.lane;
    T v = k < n ? from[k] : T();
    __syncwarp();
    if (k < n) {
      to[k] = v;
    }
    __syncwarp();
  }
}

// Lets entry i of `count + 1` go.
__device__ inline void leave(const Search& s, int i, int count) {
  if (s.lane == 0) {
    s.after[s.place[i]] = 0;
  }
  __syncwarp();
  shift(s, s.place + i, s.place + i + 1, count - i);
  shift(s, s.entry + i, s.entry + i + 1, count - i);
  shift(s, s.pull + i, s.pull + i + 1, count - i);
  shift(s, s.pg + i, s.pg + i + 1, count - i);
  for (int k = 0; k < count; k++) {
    int to = k * s.stride;
    if (k < i) {
      shift(s, s.packed + to + i, s.packed + to + i + 1, count - i);
      shift(s, s.factor + to + i, s.factor + to + i + 1, count - i);
    } else {
      shift(s, s.packed + to + k, s.packed + to + s.stride + k + 1, count - k);
    }
  }
}

// The lasso restricted to the non-zeros, their signs kept: PackedLasso.load, settle and store. False where there are more than `most`.
__device__ inline bool settle(const Lasso& p, Search& s, int active, int most) {
  int taken = 0;
  for (int k = 0; k < active; k++) {
    int j = s.active[k];
    double v = s.a[j];
    if (v != 0) {
      if (taken == most) {
        return false;
      }
      if (s.lane == 0) {
        s.atom[taken] = j;
        s.before[taken] = v;
        s.place[taken] = taken;
        s.entry[taken] = v;
        s.pull[taken] = signed_as(p.lambda, v);
        s.pg[taken] = s.g[j];
      }
      taken++;
    }
  }
  __syncwarp();
  int count = taken;
  s.stride = taken;
  for (int i = 0; i < count; i++) {
    const double* row = s.gram + (size_t)s.atom[i] * s.atoms;
    for (int k = i + s.lane; k < count; k += 32) {
      double v = row[s.atom[k]];
      s.packed[i * s.stride + k] = k == i ? v + p.lambda2 : v;
    }
  }
  __syncwarp();
  int factored = 0;
  while (count > 0) {
    int dependent = factorize(s, count, factored);
    double step = __longlong_as_double(0x7ff0000000000000LL);
    if (dependent < count) {
      dependence(s, count, dependent);
    } else {
      solve(p, s, count);
      step = 1;
    }
    // The entry that reaches 0 first; of several the one that comes first.
    int leaves = -1;
    for (int i = s.lane; i < count; i += 32) {
      double v = s.entry[i];
      if (v * s.move[i] < 0 && -v / s.move[i] < step) {
        step = -v / s.move[i];
        leaves = i;
      }
    }
    for (int by = 16; by > 0; by /= 2) {
      double other = __shfl_xor_sync(0xffffffffu, step, by);
      int its = __shfl_xor_sync(0xffffffffu, leaves, by);
      if (its >= 0 && (leaves < 0 || other < step || (other == step && its < leaves))) {
        step = other;
        leaves = its;
      }
    }
    if (leaves < 0 && dependent < count) {
      break; // no entry nears 0: all that depend on each other are 0 already
    }
    for (int i = s.lane; i < count; i += 32) {
      if (dependent == count) {
        s.pg[i] -= step * (s.pg[i] - s.pull[i] - p.lambda2 * s.entry[i] - p.lambda2 * s.move[i]);
      }
      s.entry[i] += step * s.move[i];
    }
    __syncwarp();
    if (leaves < 0) {
      break;
    }
    count--;
    leave(s, leaves, count);
    factored = leaves;
  }
  for (int i = s.lane; i < count; i += 32) {
    s.after[s.place[i]] = s.entry[i];
  }
  __syncwarp();
  for (int i = s.lane; i < taken; i += 32) {
    s.a[s.atom[i]] = s.after[i];
    s.before[i] -= s.after[i];
  }
  __syncwarp();
  for (int k = s.lane; k < s.atoms; k += 32) {
    double v = s.g[k];
    for (int i = 0; i < taken; i++) {
      v += s.before[i] * s.gram[(size_t)s.atom[i] * s.atoms + k];
    }
    s.g[k] = v;
  }
  __syncwarp();
  return true;
}

// Whether the duality gap is at most the tolerance's part of half the signal's squared norm: LassoCoder.withinGap, CodeMeasures.dualityGap.
__device__ inline bool within_gap(const Lasso& p, const Search& s, const double* c, double xx, double tolerance) {
  double largest = 0, l1 = 0, ac = 0, ag = 0, squares = 0;
  for (int j = 0; j < s.atoms; j++) {
    double v = s.a[j];
    double slope = s.g[j] - p.lambda2 * v;
    double size = p.non_negative ? slope : absolute(slope);
    if (size > largest) {
      largest = size;
    }
    l1 += absolute(v);
    ac += v * c[j];
    ag += v * s.g[j];
    squares += v * v;
  }
  double rr = larger(xx - ac - ag, 0) + p.lambda2 * squares;
  double xr = xx - ac;
  double scale = largest <= p.lambda ? 1 : p.lambda / largest;
  double primal = 0.5 * rr + p.lambda * l1;
  double dual = scale * xr - 0.5 * scale * scale * rr;
  return primal - dual <= larger(tolerance, 1e-13) * 0.5 * xx;
}

// c, codes [signals x K], xx [signals]; codes are where the search begins, and are overwritten. gram [K x K].
// sweeps [signals]: as CdLasso.solve returns them, 0 where there were more than `most` non-zeros and the host has to code the signal.
// scratch [signals x 2 x most x most]. Dynamic shared memory: for each warp 2 K + 6 most numbers and K + 2 most whole ones.
extern "C" __global__ void __launch_bounds__(128, 4) lasso_codes(int signals, int atoms, int most, double lambda, double lambda2, int non_negative,
    double tolerance, int max_sweeps, const double* __restrict__ gram, const double* __restrict__ c, const double* __restrict__ xx, double* codes,
    double* scratch, int* sweeps) {
  DYN_SHARED(double, memory);
  int warp = threadIdx.x / 32;
  int signal = blockIdx.x * (blockDim.x / 32) + warp;
  if (signal >= signals) {
    return; // the whole warp; no block waits for it
  }
  Lasso p = {lambda, lambda2, non_negative};
  Search s;
  int whole = atoms + 2 * most;
  double* numbers = memory + (size_t)warp * (2 * atoms + 6 * most + (whole + 1) / 2);
  s.atoms = atoms;
  s.lane = threadIdx.x % 32;
  s.gram = gram;
  s.a = numbers;
  s.g = s.a + atoms;
  s.before = s.g + atoms;
  s.after = s.before + most;
  s.entry = s.after + most;
  s.pull = s.entry + most;
  s.pg = s.pull + most;
  s.move = s.pg + most;
  s.active = (int*)(s.move + most);
  s.atom = s.active + atoms;
  s.place = s.atom + most;
  s.packed = scratch + (size_t)signal * 2 * most * most;
  s.factor = s.packed + (size_t)most * most;
  c += (size_t)signal * atoms;
  double* code = codes + (size_t)signal * atoms;
  for (int j = s.lane; j < atoms; j += 32) {
    s.a[j] = code[j];
    s.g[j] = c[j];
  }
  __syncwarp();
  for (int j = 0; j < atoms; j++) {
    double v = s.a[j];
    if (v != 0) {
      for (int i = s.lane; i < atoms; i += 32) {
        s.g[i] -= v * gram[(size_t)j * atoms + i];
      }
    }
  }
  __syncwarp();
  double length = sqrt(xx[signal]);
  double smallest = tolerance * length;
  double negligible = 1e-3 * smallest;
  int took = -max_sweeps;
  for (int sweep = 1; sweep <= max_sweeps; sweep++) {
    int count;
    double change = full_pass(p, s, negligible, &count);
    if (change <= smallest) {
      if (lambda == 0 || (change <= 1e-13 * length && negligible <= 1e-13 * length) || within_gap(p, s, c, xx[signal], tolerance)) {
        took = sweep;
        break;
      }
      negligible = 0; // what is left to gain is in small changes
    }
    for (int pass = 0; pass < 2; pass++) {
      for (int k = 0; k < count; k++) {
        update(p, s, s.active[k], negligible);
      }
    }
    if (!settle(p, s, count, most)) {
      took = 0;
      break;
    }
  }
  for (int j = s.lane; j < atoms; j += 32) {
    code[j] = s.a[j];
  }
  if (s.lane == 0) {
    sweeps[signal] = took;
  }
}
