package io.millrace.core.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.drift.PageHinkley;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AdaptiveForestTest {
  private static final ClassForm FORM = new ClassForm(TreeRows.VALUES, 3, 2);

  private final TreeRows rows = new TreeRows();
  private final double[] vote = new double[3];

  private static AdaptiveForest forest(ForestDrift drift, long maxBytes) {
    return new AdaptiveForest(
        HoeffdingTreeTest.tree(FORM, LeafRule.NAIVE_BAYES_ADAPTIVE, 1 << 16, maxBytes, 100),
        3,
        6,
        drift,
        0.01,
        0.001,
        PageHinkley.rising(0.005, 20),
        true);
  }

  private static LearnerState start(AdaptiveForest forest, ForestScratch s) {
    LearnerState state = new LearnerState(forest.declare(new StateSchema.Builder()).build());
    s.aim(9, "key");
    forest.initialize(state, s);
    return state;
  }

  private void learn(AdaptiveForest forest, ForestScratch s, LearnerState state, int event) {
    rows.at(event);
    s.aim(9, "key");
    forest.vote(state, rows.x, 0, vote, s);
    forest.learn(state, rows.x, 0, rows.y, rows.weight, s);
  }

  private static boolean same(AdaptiveForest forest, LearnerState a, LearnerState b) {
    boolean same =
        Arrays.equals(forest.answers(a), forest.answers(b))
            && Arrays.equals(forest.detectors(a), forest.detectors(b))
            && Arrays.equals(forest.counts(a), forest.counts(b));
    for (int i = 0; i < forest.trees(); i++) {
      same &= Arrays.equals(forest.tree(a, i), forest.tree(b, i));
      same &= Arrays.equals(forest.background(a, i), forest.background(b, i));
    }
    return same;
  }

  @Test
  void goesOnFromACopyAtAnyEventAsIfNothingHadHappened() {
    for (ForestDrift drift : ForestDrift.values()) {
      AdaptiveForest forest = forest(drift, 5000);
      ForestScratch s = new ForestScratch(FORM, 3);
      int[] changes = new int[ForestWatch.Change.values().length];
      s.watchedBy((slot, change, serial) -> changes[change.ordinal()]++);
      LearnerState state = start(forest, s);
      LearnerState other = state.copy();
      for (int e = 0; e < 7000; e++) {
        learn(forest, s, state, e);
        other = other.copy();
        learn(forest, new ForestScratch(FORM, 3), other, e);
        assertThat(same(forest, state, other)).as("%s, event %d", drift, e).isTrue();
      }
      assertThat(changes[ForestWatch.Change.SWAP.ordinal()] > 0)
          .as("%s", drift)
          .isEqualTo(drift != ForestDrift.NONE);
    }
  }

  @Test
  void everyTreeKeepsWithinItsBytes() {
    AdaptiveForest forest = forest(ForestDrift.ADWIN, 3000);
    ForestScratch s = new ForestScratch(FORM, 3);
    LearnerState state = start(forest, s);
    TreeMemory m = FORM.memory();
    for (int e = 0; e < 12_000; e++) {
      learn(forest, s, state, e);
      for (int i = 0; i < forest.trees(); i++) {
        assertThat(m.aim(forest.tree(state, i)).counted()).isLessThanOrEqualTo(3000);
        byte[] background = forest.background(state, i);
        assertThat(background.length == 0 || m.aim(background).counted() <= 3000).isTrue();
      }
    }
  }

  @Test
  void votesAreSharesThatAddUpToOne() {
    AdaptiveForest forest = forest(ForestDrift.ADWIN, 1 << 20);
    ForestScratch s = new ForestScratch(FORM, 3);
    LearnerState state = start(forest, s);
    int right = 0;
    for (int e = 0; e < 3000; e++) {
      learn(forest, s, state, e);
      assertThat(Arrays.stream(vote).sum()).isCloseTo(1, within(1e-12));
      right += LeafVotes.best(vote) == rows.y ? 1 : 0;
    }
    assertThat(right).isGreaterThan(2100); // two in three is what the largest class alone gives
  }
}
