package io.millrace.core.sample.chain;

/** Takes the points of a chain. */
@FunctionalInterface
public interface DrawSink {
  /** Takes nothing. */
  DrawSink NONE = (step, theta) -> {};

  /**
   * A point.
   *
   * @param step running number of the step that led there, from 0
   * @param theta [d], live: to be copied where it is kept
   */
  void draw(long step, double[] theta);
}
