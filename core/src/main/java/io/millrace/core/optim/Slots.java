package io.millrace.core.optim;

/**
 * An optimizer's state for one key. Elementwise slots have one double per parameter and follow the
 * parameters when a step is restricted to touched coordinates; other slots are of any length and
 * are handed over whole.
 */
public interface Slots {
  /** The live array of a slot. */
  double[] get(String name);

  /** Steps completed before this one. */
  long steps();

  /** Number of the step being taken, counted from 1. */
  default long nextStep() {
    return steps() + 1;
  }

  /** Collects an optimizer's declarations. */
  interface Declaration {
    /** A slot with one double per parameter. */
    void elementwise(String name);

    /**
     * A slot of its own length, which may be more than can be kept: whoever asks says so.
     *
     * @param length at least 0
     */
    void block(String name, long length);
  }
}
