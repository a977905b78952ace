package io.millrace.core.optim;

import io.millrace.core.state.LearnerState;

/**
 * Slots that are the blocks of a state, by their names.
 *
 * @param state live
 */
public record StateSlots(LearnerState state) implements Slots {
  @Override
  public double[] get(String name) {
    return state.block(name);
  }

  @Override
  public long steps() {
    return state.steps();
  }
}
