// Philox4x32-10 and the normals of io.millrace.core.rng.PhiloxDraws: Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011.
#pragma once
#include "elementary.h"

struct Words {
  unsigned w[4];
};

__device__ inline Words philox(unsigned c0, unsigned c1, unsigned c2, unsigned c3, unsigned k0, unsigned k1) {
  for (int round = 0; round < 10; round++) {
    unsigned high0 = __umulhi(0xD2511F53u, c0), low0 = 0xD2511F53u * c0;
    unsigned high1 = __umulhi(0xCD9E8D57u, c2), low1 = 0xCD9E8D57u * c2;
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return {{c0, c1, c2, c3}};
}

__device__ inline double uniform53(unsigned a, unsigned b) { return ((double)(a >> 5) * 67108864.0 + (double)(b >> 6)) * 1.1102230246251565e-16; }

// Normals 2 block and 2 block + 1 of a stream's step: Box and Muller's, the cosine first.
__device__ inline void normal_pair(unsigned long long key, unsigned long long step, unsigned block, int purpose, double* even, double* odd) {
  Words u = philox((unsigned)step, (unsigned)(step >> 32), block, (unsigned)purpose, (unsigned)key, (unsigned)(key >> 32));
  double r = sqrt(-2 * strict_log(1 - uniform53(u.w[0], u.w[1])));
  double sine, cosine;
  strict_sincos(6.283185307179586 * uniform53(u.w[2], u.w[3]), &sine, &cosine);
  *even = r * cosine;
  *odd = r * sine;
}
