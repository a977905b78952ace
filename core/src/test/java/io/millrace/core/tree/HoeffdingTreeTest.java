package io.millrace.core.tree;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.state.LittleEndian;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class HoeffdingTreeTest {
  private static final ClassForm FORM = new ClassForm(TreeRows.VALUES, 3, 4);
  private static final int DEPTH = 1000;
  private static final int NODES = 1 << 16;

  private final TreeRows rows = new TreeRows();

  static HoeffdingTree tree(
      ClassForm form, LeafRule rule, int maxNodes, long maxBytes, long review) {
    return new HoeffdingTree(
        form,
        rule,
        Impurity.INFORMATION_GAIN,
        50,
        0.01,
        0.05,
        10,
        rule != LeafRule.MIXTURE,
        0.01,
        DEPTH,
        maxNodes,
        maxBytes,
        review);
  }

  private void learn(HoeffdingTree tree, TreeScratch s, TreeMemory m, int event) {
    rows.at(event);
    tree.vote(m, rows.x, 0, s.votes());
    tree.learn(m, rows.x, 0, rows.y, rows.weight, s.votes(), s);
  }

  @Test
  void goesOnFromACopyAtAnyEventAsIfNothingHadHappened() {
    for (LeafRule rule : LeafRule.values()) {
      HoeffdingTree tree = tree(FORM, rule, NODES, 1500, 200);
      TreeScratch s = new TreeScratch(FORM);
      TreeMemory m = s.memory().aim(tree.root(0, s));
      byte[] other = m.bytes().clone();
      for (int e = 0; e < 4000; e++) {
        learn(tree, s, m, e);
        TreeScratch fresh = new TreeScratch(FORM);
        learn(tree, fresh, fresh.memory().aim(other.clone()), e);
        other = fresh.memory().bytes();
        assertThat(Arrays.equals(other, m.bytes())).as("%s, event %d", rule, e).isTrue();
      }
      assertThat(m.nodes()).as("%s", rule).isGreaterThan(5);
      assertThat(m.active()).as("%s", rule).isLessThan(m.leaves());
    }
  }

  @Test
  void neverPassesItsBoundsHoweverTheStreamDrifts() {
    for (long maxBytes : new long[] {900, 2000, 5000}) {
      HoeffdingTree tree = tree(FORM, LeafRule.MIXTURE, 300, maxBytes, 500);
      TreeScratch s = new TreeScratch(FORM);
      TreeMemory m = s.memory().aim(tree.root(0, s));
      for (int e = 0; e < 40_000; e++) {
        learn(tree, s, m, e);
        assertThat(m.counted()).isLessThanOrEqualTo(maxBytes);
        assertThat(m.nodes()).isLessThanOrEqualTo(300);
        assertThat((long) m.bytes().length).isLessThanOrEqualTo(tree.mostBytes());
      }
      assertThat(m.leaves()).isGreaterThan(m.active());
    }
  }

  @Test
  void allocatesNothingWhereItDoesNotGrow() {
    HoeffdingTree tree = tree(FORM, LeafRule.NAIVE_BAYES_ADAPTIVE, 9, 1 << 20, 10_000);
    TreeScratch s = new TreeScratch(FORM);
    TreeMemory m = s.memory().aim(tree.root(0, s));
    for (int e = 0; e < 30_000; e++) {
      learn(tree, s, m, e);
    }
    assertThat(m.nodes()).isEqualTo(9);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int e = 30_000; e < 50_000; e++) {
      learn(tree, s, m, e);
    }
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
  }

  @Test
  void aWokenLeafOfAForestObservesTheAttributesItDrewBefore() {
    ClassForm form = new ClassForm(TreeRows.VALUES, 3, 2);
    HoeffdingTree tree = tree(form, LeafRule.NAIVE_BAYES_ADAPTIVE, NODES, 2500, 100);
    TreeScratch s = new TreeScratch(form);
    s.subsets().aim(3, "key");
    TreeMemory m = s.memory().aim(tree.root(7, s));
    boolean[] parked = new boolean[NODES];
    int woken = 0;
    for (int e = 0; e < 30_000; e++) {
      learn(tree, s, m, e);
      for (int i = 0; i < m.nodes(); i++) {
        if (m.isActive(i)) {
          int[] drawn = s.subsets().draw(7, m.id(i));
          for (int j = 0; j < drawn.length; j++) {
            int at = m.statistics(i) + form.drawn() + Integer.BYTES * j;
            assertThat(LittleEndian.getInt(m.bytes(), at)).isEqualTo(drawn[j]);
          }
          woken += parked[i] ? 1 : 0;
        }
        parked[i] = m.isLeaf(i) && !m.isActive(i);
      }
    }
    assertThat(woken).isPositive();
  }

  @Test
  void findsTheLargestOfAnyRank() {
    PhiloxDraws draws = new PhiloxDraws(1, "ranks");
    for (int n = 1; n < 60; n++) {
      double[] a = new double[n];
      for (int i = 0; i < n; i++) {
        a[i] = draws.at(n).index(i, 12); // with ties
      }
      double[] sorted = a.clone();
      Arrays.sort(sorted);
      for (int k = 1; k <= n; k++) {
        assertThat(LeafBudget.largest(a.clone(), n, k)).isEqualTo(sorted[n - k]);
      }
    }
  }
}
