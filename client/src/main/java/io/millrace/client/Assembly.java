package io.millrace.client;

import io.millrace.schemas.ModelSnapshot;

/**
 * What became of a record of the models topic.
 *
 * @param kind what happened
 * @param key model key; null if the record does not say
 * @param snapshot the whole model where {@code kind} is COMPLETE, else null
 * @param message for CORRUPT and OVER_LIMIT: what is wrong; else empty
 */
public record Assembly(Kind kind, String key, ModelSnapshot snapshot, String message) {
  /** What happened. */
  public enum Kind {
    /** A model newer than every one before is whole. */
    COMPLETE,
    /** The key's model is gone. */
    REMOVED,
    /** A part was kept; others are missing. */
    PENDING,
    /** A version that is not newer than the one known, or a tombstone of something not in use. */
    STALE,
    /**
     * What has changed since a version that is not at hand: one was missed, or the reader came
     * late. The next whole model will do.
     */
    WITHOUT_BASE,
    /** A version of an earlier run than the one whose model is at hand. */
    OF_EARLIER_RUN,
    /** Not a model: bytes, key or checksum are wrong. */
    CORRUPT,
    /** Larger than the limits allow. */
    OVER_LIMIT
  }

  static Assembly of(Kind kind, String key) {
    return new Assembly(kind, key, null, "");
  }

  static Assembly fault(Kind kind, String key, String message) {
    return new Assembly(kind, key, null, message);
  }
}
