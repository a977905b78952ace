package io.millrace.operators.journal;

/** Events of a key that wait by id: how many, and where in the order of arrival. Mutable. */
public final class Queue {
  /** How many wait. */
  public int count;

  /** Place of the first of them; there may be gaps behind it. */
  public long first;

  /** Place of the next one to come. */
  public long next;

  /**
   * Event time of that first one when it was last looked at. Until the limit of waiting has passed
   * it, none needs to be looked at.
   */
  public long oldest;

  /** About how many bytes they take. */
  public long bytes;

  /** Takes over everything. */
  void set(Queue other) {
    count = other.count;
    first = other.first;
    next = other.next;
    oldest = other.oldest;
    bytes = other.bytes;
  }
}
