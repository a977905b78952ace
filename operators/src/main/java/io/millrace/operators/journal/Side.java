package io.millrace.operators.journal;

/** Which of two events with one id waits for the other. */
public enum Side {
  /** The one that is to come first: an example for its label, a request for its cost. */
  FIRST,

  /** The one that is to come second, and has come early. */
  SECOND
}
