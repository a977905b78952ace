package io.millrace.core.drift;

/** What a detector says of the value that it has just taken. */
public enum Signal {
  /** Nothing out of the ordinary. */
  CALM,
  /** The mean may be changing. */
  WARNING,
  /** The mean has changed, and is higher than before. */
  ROSE,
  /** The mean has changed, and is not higher than before. */
  FELL
}
