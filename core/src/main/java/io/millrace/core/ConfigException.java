package io.millrace.core;

import java.util.List;

/** Settings that cannot be used. Lists every fault found, not the first one. */
public final class ConfigException extends IllegalArgumentException {
  private final List<String> faults;

  /** One fault, in the form "where: what is, what is allowed; what to do". */
  public ConfigException(String fault) {
    this(List.of(fault));
  }

  /**
   * Several faults.
   *
   * @param faults not empty, kept
   */
  public ConfigException(List<String> faults) {
    super(String.join(System.lineSeparator(), faults));
    this.faults = List.copyOf(faults);
  }

  /** Every fault, in the order found. */
  public List<String> faults() {
    return faults;
  }
}
