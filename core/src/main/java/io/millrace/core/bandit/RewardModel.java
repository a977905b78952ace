package io.millrace.core.bandit;

import io.millrace.core.compute.Workspace;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.state.LearnerState;

/**
 * A model of what arms bring, as a part of a policy: what it keeps of a decision, and what becomes
 * of its blocks when a cost is learned and arms come and go. How an arm is chosen by it is the
 * policy's business. Immutable, over the policy's state.
 */
public interface RewardModel {
  /** Its blocks, declared in full. */
  Blocks blocks();

  /** Puts a fresh state to its start. */
  void initialize(LearnerState state);

  /** Numbers that are kept of a decision until its cost comes. */
  int pendingLength();

  /**
   * Keeps what a later cost needs.
   *
   * @param arm decided for
   * @param pending [pendingLength], overwritten
   */
  void remember(PolicyRequest request, int arm, double[] pending);

  /**
   * Learns what a decision has cost.
   *
   * @param pending as {@link #remember} has filled it; not modified
   * @return false where a number would not have been finite; nothing has changed then
   */
  boolean take(LearnerState state, int arm, double[] pending, double cost, Workspace workspace);

  /**
   * Starts a new arm, whose blocks are zeros.
   *
   * @param share of the other arm's statistics that it starts with; 0 without another arm
   */
  default void start(
      LearnerState state, int arm, ArmStart start, double share, Workspace workspace) {
    // A model that all arms share knows a new one already.
  }

  /** Takes away what is known of an arm. */
  default void purge(LearnerState state, int arm) {
    // A model that all arms share knows nothing of one alone.
  }

  /** Writes what readers need. */
  void publish(LearnerState state, int arms, ModelWriter out);
}
