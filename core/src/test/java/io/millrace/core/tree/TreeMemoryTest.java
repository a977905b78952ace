package io.millrace.core.tree;

import static io.millrace.core.state.LittleEndian.getDouble;
import static io.millrace.core.state.LittleEndian.putDouble;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TreeMemoryTest {
  private final TreeMemory m = new TreeMemory(8, 16, 48);
  private final Map<Integer, Double> ofNode = new TreeMap<>();
  private final Map<Integer, Double> ofLeaf = new TreeMap<>();
  private final Random random = new Random(1);

  /** A forest that grew copied each of its trees with every split. */
  @Test
  void numbersStayWithTheirNodesAndTheArrayIsSeldomReplaced() {
    m.aim(m.root(0));
    mark(0);
    int replaced = 0;
    for (int step = 0; step < 600; step++) {
      byte[] before = m.bytes();
      if (step % 3 == 2) {
        parkAndWake();
      } else {
        split();
      }
      replaced += m.bytes() == before ? 0 : 1;
      check();
      assertThat(m.bytes()).hasSizeLessThanOrEqualTo(40 + (int) (1.15 * most()));
    }
    assertThat(m.nodes()).isGreaterThan(600);
    assertThat(replaced).isBetween(10, 100);
  }

  @Test
  void theArrayIsGivenBackWhereLessIsAllowed() {
    m.aim(m.root(0));
    mark(0);
    for (int step = 0; step < 50; step++) {
      split();
    }
    m.activate(new boolean[m.nodes()], new int[m.nodes()]);
    ofLeaf.clear();
    assertThat(m.active()).isZero();
    m.fit(m.counted());
    assertThat(m.bytes()).hasSize(m.length(m.counted()));
    check();
    assertThat(m.length(1 << 20)).isEqualTo(40 + (1 << 20));
  }

  /** Most that has been counted: all leaves active. */
  private long most() {
    return (long) m.nodes() * m.nodeBytes() + (long) m.leaves() * m.leafBytes();
  }

  private void split() {
    List<Integer> active = new ArrayList<>();
    for (int i = 0; i < m.nodes(); i++) {
      if (m.isActive(i)) {
        active.add(i);
      }
    }
    int leaf = active.get(random.nextInt(active.size()));
    int first = m.split(leaf, TreeMemory.NUMERIC, 0, 0.5, 2);
    ofLeaf.remove(leaf);
    for (int b = 0; b < 2; b++) {
      assertThat(m.isActive(first + b)).isFalse();
      m.wake(first + b);
      mark(first + b);
    }
  }

  private void parkAndWake() {
    boolean[] active = new boolean[m.nodes()];
    for (int i = 0; i < active.length; i++) {
      active[i] = m.isLeaf(i) && random.nextInt(4) > 0;
    }
    boolean[] before = new boolean[active.length];
    for (int i = 0; i < active.length; i++) {
      before[i] = m.isActive(i);
    }
    m.activate(active, new int[active.length]);
    for (int i = 0; i < active.length; i++) {
      assertThat(m.isActive(i)).isEqualTo(active[i]);
      if (active[i] && !before[i]) {
        assertThat(getDouble(m.bytes(), m.statistics(i))).isZero();
        mark(i);
      } else if (!active[i]) {
        ofLeaf.remove(i);
      }
    }
    if (m.active() == 0) {
      m.wake(m.nodes() - 1);
      mark(m.nodes() - 1);
    }
  }

  private void mark(int node) {
    ofNode.put(node, random.nextDouble());
    ofLeaf.put(node, random.nextDouble());
    putDouble(m.bytes(), m.own(node), ofNode.get(node));
    putDouble(m.bytes(), m.statistics(node), ofLeaf.get(node));
  }

  private void check() {
    int active = 0;
    for (int i = 0; i < m.nodes(); i++) {
      assertThat(getDouble(m.bytes(), m.own(i))).isEqualTo(ofNode.get(i));
      if (m.isActive(i)) {
        active++;
        assertThat(getDouble(m.bytes(), m.statistics(i))).isEqualTo(ofLeaf.get(i));
      }
    }
    assertThat(active).isEqualTo(m.active()).isEqualTo(ofLeaf.size());
    int from = 40 + m.nodes() * m.nodeBytes();
    int to = m.bytes().length - active * m.leafBytes();
    for (int i = from; i < to; i++) {
      assertThat(m.bytes()[i]).isZero();
    }
  }
}
