package io.millrace.core.rng;

/**
 * Philox4x32-10, a counter-based generator: 128 bits of counter and 64 bits of key in, 128 random
 * bits out. Salmon, Moraes, Dror, Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011.
 *
 * <pre>
 * ten rounds:  (c0, c1, c2, c3) &lt;- (hi(M1 c2) ^ c1 ^ k0,  lo(M1 c2),  hi(M0 c0) ^ c3 ^ k1,  lo(M0 c0))
 * between two: k0 += W0, k1 += W1
 * </pre>
 *
 * <p>Deviations from the paper: none; checked against the known answers of Random123. Also home of
 * the two hashes that make a key from a job's seed and a stream's name. Pure functions.
 */
public final class Philox {
  private static final int ROUNDS = 10;
  private static final long M0 = 0xD2511F53L;
  private static final long M1 = 0xCD9E8D57L;
  private static final int W0 = 0x9E3779B9;
  private static final int W1 = 0xBB67AE85;
  private static final long LOW = 0xFFFFFFFFL;
  private static final long FNV_OFFSET = 0xCBF29CE484222325L;
  private static final long FNV_PRIME = 0x100000001B3L;
  private static final double TWO_POW_26 = 0x1p26;
  private static final double TWO_POW_MINUS_53 = 0x1p-53;

  private Philox() {}

  /**
   * Four random words.
   *
   * @param out [at least 4], elements 0..3 overwritten
   */
  public static void block(int c0, int c1, int c2, int c3, int k0, int k1, int[] out) {
    for (int round = 0; round < ROUNDS; round++) {
      long p0 = M0 * (c0 & LOW);
      long p1 = M1 * (c2 & LOW);
      c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
      c1 = (int) p1;
      c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
      c3 = (int) p0;
      k0 += W0;
      k1 += W1;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
  }

  /**
   * Uniform in [0, 1) with 53 bits from two words: ((a &gt;&gt;&gt; 5) 2^26 + (b &gt;&gt;&gt; 6))
   * 2^-53.
   */
  public static double uniform53(int a, int b) {
    return ((a >>> 5) * TWO_POW_26 + (b >>> 6)) * TWO_POW_MINUS_53;
  }

  /** The key of a stream: its low 32 bits are k0, its high 32 bits k1. */
  public static long key(long jobSeed, String streamId) {
    return splitmix64(jobSeed ^ fnv1a64(streamId));
  }

  /** The finalizer of SplitMix64, with the increment added first. */
  public static long splitmix64(long x) {
    long z = x + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /**
   * FNV-1a over the UTF-8 bytes of {@code text}, encoded on the fly: nothing is allocated. An
   * unpaired surrogate counts as '?', as in {@link String#getBytes}.
   */
  public static long fnv1a64(String text) {
    long h = FNV_OFFSET;
    int n = text.length();
    int i = 0;
    while (i < n) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        c = '?';
      }
      if (c < 0x80) {
        h = fnv(h, c);
      } else if (c < 0x800) {
        h = fnv(fnv(h, 0xC0 | c >> 6), 0x80 | c & 0x3F);
      } else if (c < 0x10000) {
        h = fnv(fnv(fnv(h, 0xE0 | c >> 12), 0x80 | c >> 6 & 0x3F), 0x80 | c & 0x3F);
      } else {
        h = fnv(fnv(h, 0xF0 | c >> 18), 0x80 | c >> 12 & 0x3F);
        h = fnv(fnv(h, 0x80 | c >> 6 & 0x3F), 0x80 | c & 0x3F);
      }
    }
    return h;
  }

  private static long fnv(long hash, int unsignedByte) {
    return (hash ^ unsignedByte) * FNV_PRIME;
  }
}
