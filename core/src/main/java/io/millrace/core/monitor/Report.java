package io.millrace.core.monitor;

import io.millrace.core.learn.Figures;
import java.util.List;

/**
 * Names the figures of one metric: what they are figures of, and the class or bin where there is
 * one for each. Figures that are not defined are left out.
 */
public final class Report {
  private final String prefix;
  private final List<String> classes;
  private final Figures out;

  /**
   * A report.
   *
   * @param prefix of all names
   * @param classes their names, by index; empty where there are none
   */
  public Report(String prefix, List<String> classes, Figures out) {
    this.prefix = prefix;
    this.classes = classes;
    this.out = out;
  }

  /** A figure, such as {@code Accuracy}. */
  void figure(String name, double value) {
    if (Double.isFinite(value)) {
      out.figure(prefix + name, value);
    }
  }

  /** A figure of a class. */
  void figure(String name, int classIndex, double value) {
    figure(name + "." + classes.get(classIndex), value);
  }
}
