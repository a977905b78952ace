package io.millrace.core.learn;

/** Takes named figures about a model. */
@FunctionalInterface
public interface Figures {
  /**
   * A figure.
   *
   * @param name as in metrics, camel case
   */
  void figure(String name, double value);
}
