package io.millrace.core.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.millrace.core.drift.PageHinkley;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RegressionTreeTest {
  private static final RegressionForm FORM = new RegressionForm(TreeRows.VALUES, 12);

  private final TreeRows rows = new TreeRows();

  private static RegressionTree tree(RegressionLeaf leaf, int maxNodes, long maxBytes) {
    return new RegressionTree(
        FORM,
        leaf,
        100,
        0.01,
        0.05,
        5,
        0.95,
        0.1,
        0.001,
        true,
        1000,
        maxNodes,
        maxBytes,
        PageHinkley.rising(0.005, 12));
  }

  private double learn(RegressionTree tree, RegressionScratch s, TreeMemory m, int event) {
    rows.at(event);
    double prediction = tree.predict(m, rows.x, 0, s);
    assertThat(tree.learn(m, rows.x, 0, rows.target, rows.weight, s)).isTrue();
    return prediction - rows.target;
  }

  @Test
  void goesOnFromACopyAtAnyEventAsIfNothingHadHappened() {
    int[] regrown = {0};
    for (RegressionLeaf leaf : RegressionLeaf.values()) {
      RegressionTree tree = tree(leaf, 1000, 1 << 20);
      RegressionScratch s = new RegressionScratch(FORM);
      s.watchedBy(
          new TreeWatch() {
            @Override
            public void regrown(int node) {
              regrown[0]++;
            }
          });
      TreeMemory m = s.memory().aim(tree.root(s));
      byte[] other = m.bytes().clone();
      for (int e = 0; e < 7000; e++) {
        learn(tree, s, m, e);
        RegressionScratch fresh = new RegressionScratch(FORM);
        learn(tree, fresh, fresh.memory().aim(other.clone()), e);
        other = fresh.memory().bytes();
        assertThat(Arrays.equals(other, m.bytes())).as("%s, event %d", leaf, e).isTrue();
      }
      assertThat(m.nodes()).as("%s", leaf).isGreaterThan(5);
    }
    assertThat(regrown[0]).isPositive();
  }

  @Test
  void neverPassesItsBoundsAndAllocatesNothingWhereItDoesNotGrow() {
    RegressionTree tree = tree(RegressionLeaf.ADAPTIVE, 1000, 9000);
    RegressionScratch s = new RegressionScratch(FORM);
    TreeMemory m = s.memory().aim(tree.root(s));
    for (int e = 0; e < 2500; e++) {
      learn(tree, s, m, e);
      assertThat(m.counted()).isLessThanOrEqualTo(9000);
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 20; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      byte[] bytes = m.bytes();
      for (int e = 0; e < 20; e++) {
        rows.at(100 + e);
        tree.predict(m, rows.x, 0, s);
        tree.learn(m, rows.x, 0, rows.target, rows.weight, s);
      }
      if (bytes == m.bytes()) {
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }
    }
    assertThat(least).isLessThan(500);
  }

  @Test
  void aNumberWhoseErrorHasNoSquareIsRefusedAndChangesNothing() {
    RegressionTree tree = tree(RegressionLeaf.LINEAR, 1000, 1 << 20);
    RegressionScratch s = new RegressionScratch(FORM);
    TreeMemory m = s.memory().aim(tree.root(s));
    for (int e = 0; e < 500; e++) {
      learn(tree, s, m, e);
    }
    byte[] before = m.bytes().clone();
    tree.predict(m, rows.x, 0, s);
    assertThat(tree.learn(m, rows.x, 0, 1e200, 1, s)).isFalse();
    assertThat(m.bytes()).isEqualTo(before);
  }

  @Test
  void keepsSoManyKeysAndAllOfTheWeight() {
    byte[] bytes = new byte[8 + RegressionForm.KEY * 6];
    double weight = 0;
    double sum = 0;
    double targets = 0;
    for (int i = 0; i < 200; i++) {
      rows.at(i);
      double x = Math.rint(50 * rows.x[0]);
      KeyMap.add(bytes, 0, 5, x, rows.target, 0.5);
      weight += 0.5;
      sum += 0.5 * x;
      targets += 0.5 * rows.target;
      assertThat(KeyMap.size(bytes, 0)).isLessThanOrEqualTo(5);
    }
    double kept = 0;
    double keys = 0;
    double means = 0;
    for (int i = 0; i < 5; i++) {
      kept += KeyMap.weight(bytes, 0, i);
      keys += KeyMap.weight(bytes, 0, i) * KeyMap.key(bytes, 0, i);
      means += KeyMap.weight(bytes, 0, i) * KeyMap.mean(bytes, 0, i);
      assertThat(i == 0 || KeyMap.key(bytes, 0, i) > KeyMap.key(bytes, 0, i - 1)).isTrue();
    }
    assertThat(kept).isCloseTo(weight, within(1e-9));
    assertThat(keys).isCloseTo(sum, within(1e-9));
    assertThat(means).isCloseTo(targets, within(1e-9));
  }
}
