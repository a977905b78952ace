package io.millrace.bench;

/** Heap in use. */
public final class HeapUse {
  private HeapUse() {}

  /** Bytes in use after a collection, the least of a few. */
  public static long afterCollection() {
    Runtime runtime = Runtime.getRuntime();
    long used = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
    }
    return used;
  }
}
