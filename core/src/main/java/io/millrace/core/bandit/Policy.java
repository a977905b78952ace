package io.millrace.core.bandit;

import io.millrace.core.compute.Workspace;
import io.millrace.core.learn.Figures;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.rng.Draws;
import io.millrace.core.spec.Hyper;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateException;
import io.millrace.core.state.StateSchema;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Chooses one of some arms per request so that the costs, which come later, stay low. It is
 * immutable, and one object serves all tuners of a subtask: what a tuner has learned lies in the
 * {@link LearnerState} that each call is handed. Nothing here allocates in steady state, except
 * publishing.
 *
 * <p>Arms are {@code 0 .. maxArms-1} in the order in which they were added; ties go to the lowest.
 * Lower costs are better: a reward in [0, 1] is the cost {@code 1 - reward}.
 */
public interface Policy {
  /** Everything declared about it. */
  PolicySpec spec();

  /** Sizes of its tuner. */
  PolicyShape shape();

  /** Blocks per tuner. The same for every set of values that are not structural. */
  StateSchema schema();

  /** What the numbers of a state mean: the policy, its sizes and its structural values. */
  SortedMap<String, String> meaning();

  /**
   * Puts a fresh state, all zeros, to its start values.
   *
   * @param arms how many there are at first: {@code 0 .. arms-1}
   */
  void initialize(LearnerState state, int arms);

  /**
   * Brings blocks that an older {@link PolicySpec#stateVersion} has written to the present form.
   *
   * @throws StateException if {@code from} is not known, naming found and supported versions
   */
  default LearnerState upgrade(int from, LearnerState old) {
    if (from != spec().stateVersion()) {
      throw new StateException(
          "state of policy '"
              + spec().id()
              + "' was written by version "
              + from
              + "; this build reads "
              + spec().stateVersion()
              + (from > spec().stateVersion()
                  ? "; upgrade the job or restore an older savepoint"
                  : ""));
    }
    return old;
  }

  /**
   * Whether a request cannot be answered.
   *
   * @return what is, and what is allowed; null: nothing is wrong
   */
  String unfit(PolicyRequest request);

  /** Costs that are taken; any other is refused before {@link #learn}. */
  CostRange costs();

  /**
   * Chooses an arm and says how probable each one was. Changes nothing in {@code state}.
   *
   * @param request fits, see {@link #unfit}
   * @param draws randomness of (job seed, tuner, number of the decision), used for this alone
   * @param out overwritten
   */
  void choose(
      PolicyRequest request,
      LearnerState state,
      Draws draws,
      PolicyDecision out,
      Workspace workspace);

  /**
   * The probabilities alone: what {@link #choose} would draw from. A policy that ranks by samples
   * computes them too; see its file for how.
   *
   * @param draws as for {@link #choose}; most policies draw nothing here
   * @param out overwritten; its arm is -1
   */
  void probabilities(
      PolicyRequest request,
      LearnerState state,
      Draws draws,
      PolicyDecision out,
      Workspace workspace);

  /** Numbers that have to be kept from a decision until its cost is learned; may be 0. */
  int pendingLength();

  /**
   * Writes what has to be kept. To be called under the state that {@link #choose} was called under.
   *
   * @param arm the one played, which is another one than chosen where something else decides
   * @param pending [pendingLength], overwritten
   */
  void remember(
      PolicyRequest request, int arm, LearnerState state, double[] pending, Workspace workspace);

  /**
   * Learns one cost. It may be late, and costs may come in any order. Either it is learned and
   * {@code state.steps()} counts up by one, or nothing in {@code state} has changed.
   *
   * @param probability of the arm at the time of the decision, in (0, 1]
   * @param pending as remembered at the time of the decision, not modified
   * @param cost in {@link #costs}
   * @return false where the state would not have been finite
   */
  boolean learn(
      LearnerState state,
      int arm,
      double probability,
      double[] pending,
      double cost,
      Workspace workspace);

  /**
   * Adds an arm, once. An arm that was removed and comes back is not added: it has its statistics.
   *
   * @param arm not there before, or purged
   * @param request its eligible arms are those that there are, without the new one
   */
  void start(
      LearnerState state, int arm, ArmStart start, PolicyRequest request, Workspace workspace);

  /** Takes an arm's statistics away. Its costs that are still to come must not be learned. */
  void purge(LearnerState state, int arm);

  /** Hyperparameters that a control event may change. */
  List<Hyper> hyperparameters();

  /** Values in force, by name. */
  Map<String, Double> values();

  /**
   * The same policy under other values; states go on.
   *
   * @param changed names from {@link #hyperparameters()}, values in range
   * @throws io.millrace.core.ConfigException for an unknown name or a value out of range
   */
  Policy with(Map<String, Double> changed);

  /** [maxArms]: 1 where there is such an arm, eligible or not, else 0. Live, not to be modified. */
  double[] present(LearnerState state);

  /** Costs learned of an arm; a start from another arm counts as {@link ArmStart} says. */
  double pulls(LearnerState state, int arm);

  /** Mean cost of an arm; NaN where it has none. */
  double meanCost(LearnerState state, int arm);

  /** Reports figures of the policy; their names never change. */
  default void figures(LearnerState state, Figures out) {
    // A policy without any.
  }

  /**
   * Writes what a reader may want to see: {@code policy} and its values as settings, {@code pulls}
   * and {@code mean-cost} [arms] and the policy's own tensors.
   *
   * @param arms how many, from the first
   */
  void publish(LearnerState state, int arms, ModelWriter out, Workspace workspace);
}
