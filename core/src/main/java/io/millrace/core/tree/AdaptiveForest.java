package io.millrace.core.tree;

import io.millrace.core.drift.Adwin;
import io.millrace.core.drift.PageHinkley;
import io.millrace.core.drift.Signal;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import java.util.Arrays;

/**
 * The rule of an adaptive random forest for classes. Gomes, Bifet, Read, Barddal, Enembreck,
 * Pfahringer, Holmes, Abdessalem, "Adaptive random forests for evolving data stream
 * classification", Machine Learning 2017, algorithms 1 and 2.
 *
 * <pre>
 * p = sum a_i v_i, normalised,  a_i = (right_i + 1) / (seen_i + 2)
 * every tree learns an event k times, k ~ Poisson(lambda), drawn at (event, slot)
 * its error before learning goes into a detector of warnings and one of drifts:
 *   warning: a new background tree begins, and learns what the tree learns
 *   drift:   the background tree takes over, an empty one where there is none
 * </pre>
 *
 * <p>Every node observes its own subset of the attributes ({@link SubsetDraw}). Deviations from the
 * paper: errors are those before learning, of every event; a rising error alone counts; the
 * background tree learns with the same k. Immutable. State: a block of bytes for every tree and
 * background tree, the counts of right answers, the detectors, and the number of events and trees
 * so far. A row costs what it costs {@code trees} trees, and twice that under warning.
 */
public final class AdaptiveForest {
  private static final String TREE = "tree.";
  private static final String BACKGROUND = "background.";
  private static final String ANSWERS = "answers";
  private static final String DETECTORS = "detectors";
  private static final String COUNTS = "counts";
  private static final int RIGHT = 0;
  private static final int SEEN = 1;
  private static final int EVENTS = 0;
  private static final int SERIALS = 1;
  private static final byte[] NONE = {};

  private final HoeffdingTree tree;
  private final int trees;
  private final PoissonTable poisson;
  private final ForestDrift drift;
  private final Adwin warningWindow;
  private final Adwin driftWindow;
  private final PageHinkley test;
  private final boolean weighted;
  private final String[] treeNames;
  private final String[] backgroundNames;

  /**
   * A forest.
   *
   * @param tree rule of each tree
   * @param trees how many, at least 1
   * @param lambda mean of the numbers of times that a tree takes an event
   * @param warningDelta of the window that warns
   * @param driftDelta of the window that tells drifts
   * @param test for {@link ForestDrift#PAGE_HINKLEY}
   * @param weighted whether votes are weighted by how often the tree was right
   */
  public AdaptiveForest(
      HoeffdingTree tree,
      int trees,
      double lambda,
      ForestDrift drift,
      double warningDelta,
      double driftDelta,
      PageHinkley test,
      boolean weighted) {
    this.tree = tree;
    this.trees = trees;
    this.poisson = new PoissonTable(lambda);
    this.drift = drift;
    this.warningWindow = new Adwin(warningDelta);
    this.driftWindow = new Adwin(driftDelta);
    this.test = test;
    this.weighted = weighted;
    this.treeNames = new String[trees];
    this.backgroundNames = new String[trees];
    for (int i = 0; i < trees; i++) {
      treeNames[i] = (TREE + i).intern();
      backgroundNames[i] = (BACKGROUND + i).intern();
    }
  }

  /** How many of d attributes a node observes by default. */
  public static int observed(int d) {
    return Math.min(d, (int) Math.rint(Math.sqrt(d)) + 1);
  }

  /** Declares the blocks of the state. */
  public StateSchema.Builder declare(StateSchema.Builder blocks) {
    for (int i = 0; i < trees; i++) {
      blocks.bytes(treeNames[i]).bytes(backgroundNames[i]);
    }
    blocks.block(ANSWERS, 2L * trees);
    blocks.block(DETECTORS, (long) trees * detectorLength());
    return blocks.block(COUNTS, StateSchema.Type.LONGS, 2);
  }

  /** The rule of each tree. */
  public HoeffdingTree tree() {
    return tree;
  }

  /** Number of slots. */
  public int trees() {
    return trees;
  }

  private int detectorLength() {
    return switch (drift) {
      case ADWIN -> warningWindow.length() + driftWindow.length();
      case PAGE_HINKLEY -> PageHinkley.LENGTH;
      case NONE -> 0;
    };
  }

  /** Bytes of a slot's tree. */
  public byte[] tree(LearnerState state, int slot) {
    return state.bytes(treeNames[slot]);
  }

  /** Bytes of a slot's background tree; empty: there is none. */
  public byte[] background(LearnerState state, int slot) {
    return state.bytes(backgroundNames[slot]);
  }

  /** Puts trees in the place of those of a slot. */
  void put(LearnerState state, int slot, byte[] voting, byte[] background) {
    state.setBytes(treeNames[slot], voting);
    state.setBytes(backgroundNames[slot], background);
  }

  /** Right answers and all answers of each slot; live. */
  double[] answers(LearnerState state) {
    return state.block(ANSWERS);
  }

  /** Numbers of the detectors; live. */
  double[] detectors(LearnerState state) {
    return state.block(DETECTORS);
  }

  /** Events so far, and trees made; live. */
  long[] counts(LearnerState state) {
    return state.longs(COUNTS);
  }

  /** Trees made so far, background trees among them. */
  long made(LearnerState state) {
    return state.longs(COUNTS)[SERIALS];
  }

  /** Weight of the events that the tree of a slot has answered rightly. */
  public double right(LearnerState state, int slot) {
    return state.block(ANSWERS)[2 * slot + RIGHT];
  }

  /** Weight of the events that the tree of a slot has seen. */
  public double seen(LearnerState state, int slot) {
    return state.block(ANSWERS)[2 * slot + SEEN];
  }

  /** Puts a fresh state to its start: empty trees. */
  public void initialize(LearnerState state, ForestScratch s) {
    for (int i = 0; i < trees; i++) {
      state.setBytes(treeNames[i], newTree(state, s));
      state.setBytes(backgroundNames[i], NONE);
    }
  }

  private byte[] newTree(LearnerState state, ForestScratch s) {
    return tree.root(state.longs(COUNTS)[SERIALS]++, s.trees());
  }

  /**
   * All trees vote.
   *
   * @param x attributes from {@code from} on
   * @param out the forest's vote, [classes], overwritten
   */
  public void vote(LearnerState state, double[] x, int from, double[] out, ForestScratch s) {
    int classes = tree.form().classes();
    Arrays.fill(out, 0, classes, 0);
    for (int i = 0; i < trees; i++) {
      TreeMemory m = s.trees().memory().aim(tree(state, i));
      LeafVotes v = s.votes(i);
      tree.vote(m, x, from, v);
      double a = weighted ? (right(state, i) + 1) / (seen(state, i) + 2) : 1;
      for (int k = 0; k < classes; k++) {
        out[k] += a * v.vote[k];
      }
    }
    double sum = 0;
    for (int k = 0; k < classes; k++) {
      sum += out[k];
    }
    for (int k = 0; k < classes; k++) {
      out[k] /= sum;
    }
  }

  /**
   * Learns a row that all trees have just voted on.
   *
   * @param w weight, finite and at least 0; 0: nothing is learned, but the event counts
   * @param s aimed at the key
   */
  public void learn(LearnerState state, double[] x, int from, int y, double w, ForestScratch s) {
    long event = state.longs(COUNTS)[EVENTS]++;
    if (w == 0) {
      return;
    }
    for (int i = 0; i < trees; i++) {
      int k = poisson.of(s.bag(event, i));
      boolean right = LeafVotes.best(s.votes(i).vote) == y;
      double[] answers = state.block(ANSWERS);
      answers[2 * i + SEEN] += w;
      answers[2 * i + RIGHT] += right ? w : 0;
      if (k > 0) {
        learn(state, treeNames[i], x, from, y, w * k, s.votes(i), s);
        if (background(state, i).length > 0) {
          TreeMemory m = s.trees().memory().aim(background(state, i));
          tree.vote(m, x, from, s.trees().votes());
          learn(state, backgroundNames[i], x, from, y, w * k, s.trees().votes(), s);
        }
      }
      react(state, i, right ? 0 : 1, s);
    }
  }

  private void learn(
      LearnerState state,
      String name,
      double[] x,
      int from,
      int y,
      double w,
      LeafVotes votes,
      ForestScratch s) {
    byte[] before = state.bytes(name);
    TreeMemory m = s.trees().memory().aim(before);
    tree.learn(m, x, from, y, w, votes, s.trees());
    if (m.bytes() != before) {
      state.setBytes(name, m.bytes());
    }
  }

  /** Hands an error to the detectors of a slot and does what they call for. */
  private void react(LearnerState state, int slot, double error, ForestScratch s) {
    double[] block = state.block(DETECTORS);
    int at = slot * detectorLength();
    boolean warned;
    boolean drifted;
    switch (drift) {
      case ADWIN -> {
        warned = warningWindow.add(block, at, error) == Signal.ROSE;
        drifted = driftWindow.add(block, at + warningWindow.length(), error) == Signal.ROSE;
        if (warned) {
          warningWindow.restart(block, at);
        }
      }
      case PAGE_HINKLEY -> {
        Signal signal = test.add(block, at, error);
        warned = signal == Signal.WARNING && background(state, slot).length == 0;
        drifted = signal == Signal.ROSE;
      }
      default -> {
        return;
      }
    }
    if (warned) {
      state.setBytes(backgroundNames[slot], newTree(state, s));
      tell(state, backgroundNames[slot], slot, ForestWatch.Change.WARNING, s);
    }
    if (drifted) {
      takeOver(state, slot, s);
      Arrays.fill(block, at, at + detectorLength(), 0);
    }
  }

  private void takeOver(LearnerState state, int slot, ForestScratch s) {
    byte[] next = background(state, slot);
    boolean ready = next.length > 0;
    state.setBytes(treeNames[slot], ready ? next : newTree(state, s));
    state.setBytes(backgroundNames[slot], NONE);
    double[] answers = state.block(ANSWERS);
    answers[2 * slot + RIGHT] = 0;
    answers[2 * slot + SEEN] = 0;
    tell(
        state,
        treeNames[slot],
        slot,
        ready ? ForestWatch.Change.SWAP : ForestWatch.Change.RESET,
        s);
  }

  private static void tell(
      LearnerState state, String name, int slot, ForestWatch.Change change, ForestScratch s) {
    s.watch().changed(slot, change, s.trees().memory().aim(state.bytes(name)).serial());
  }
}
