package io.millrace.compute.cuda;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes on devices that all users in this process have together, and how many they may have. More
 * than that is refused as if the device had no more. Thread-safe.
 */
final class DeviceBudget {
  private static final AtomicLong HELD = new AtomicLong();
  private static volatile long limit = Long.MAX_VALUE;

  private DeviceBudget() {}

  /** Bounds what is taken from now on; what is held already stays. */
  static void limit(long bytes) {
    limit = bytes;
  }

  /** Most bytes that may be held. */
  static long limit() {
    return limit;
  }

  /** Bytes that are held. */
  static long held() {
    return HELD.get();
  }

  /** Whether so many bytes more may be held; they are then. */
  static boolean take(long bytes) {
    long most = limit;
    long now = HELD.get();
    while (now + bytes <= most && now + bytes >= 0) {
      if (HELD.compareAndSet(now, now + bytes)) {
        return true;
      }
      now = HELD.get();
    }
    return false;
  }

  /** So many bytes are held no more. */
  static void give(long bytes) {
    HELD.addAndGet(-bytes);
  }
}
