package io.millrace.operators.ingress;

import io.millrace.core.features.Rows;

/**
 * Adds coordinates to the open sparse row of {@link Rows}, each index once: a value for an index
 * that is there already is added to it. A hash table over positions in the row, emptied by counting
 * up an epoch, so that an event costs no allocation and no clearing.
 */
final class CoordinateMerge {
  /** Epoch in the upper half, position in the row in the lower. */
  private long[] table = new long[64];

  private int epoch;
  private int count;
  private int base;

  /** Begins with the open row, which is empty. */
  void start(Rows rows) {
    base = rows.start(rows.count());
    count = 0;
    if (++epoch == 0) { // after 2^32 rows old entries would count again
      table = new long[table.length];
      epoch = 1;
    }
  }

  void add(Rows rows, int index, double v) {
    if (2 * count >= table.length) {
      grow(rows);
    }
    int slot = slot(index);
    while (epoch == (int) (table[slot] >>> 32)) {
      int at = base + (int) table[slot];
      if (rows.index()[at] == index) {
        rows.value()[at] += v;
        return;
      }
      slot = (slot + 1) & (table.length - 1);
    }
    table[slot] = (long) epoch << 32 | count;
    count++;
    rows.add(index, v);
  }

  private int slot(int index) {
    int h = index * 0x9E3779B9; // 2^32 / golden ratio: spreads masked hashes over the table
    return (h ^ (h >>> 16)) & (table.length - 1);
  }

  private void grow(Rows rows) {
    table = new long[2 * table.length];
    for (int k = 0; k < count; k++) {
      int slot = slot(rows.index()[base + k]);
      while (table[slot] != 0) {
        slot = (slot + 1) & (table.length - 1);
      }
      table[slot] = (long) epoch << 32 | k;
    }
  }
}
