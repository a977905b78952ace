package io.millrace.core.decision;

import io.millrace.core.spec.Hyper;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Decides which versions of a learning model readers may have: none until the model is proven
 * better than a baseline; after that each, as long as it does no worse than the last good one; none
 * again when it does, until it passes once more.
 *
 * <pre>
 * held : the model challenges the baseline, and the last good version if there is one
 *   mean gain over the baseline above margin, and over the good version above -guardTolerance   PASSED
 *   one that is dropped, as worse or after maxEvents, challenges again with a new j
 * open : the model is on probation against both, anew every {@code probation} events
 *   mean loss against either above guardTolerance: proven,
 *   or mean of the last hardWindow events above hardTolerance: the brake                       BROKEN
 *   a version that was published a whole probation ago                                         CONFIRMED
 * </pre>
 *
 * <p>The brake looks over the ends of probations, so a model that is worse by more than
 * hardTolerance from some event on is found within hardWindow events, however long it was good.
 *
 * <p>The tests are those of a {@link PromotionGate}, where the baseline, or the good version, is
 * candidate 0, and the model candidate 1. Guaranteed, as there: with probability 1 - alpha no model
 * ever passes whose expected gain over the baseline was at most the margin at every event, however
 * often it is held; the same of the good version. The version that passes is the last good one, for
 * it was proven; after that each that is confirmed.
 *
 * <p>Immutable: the numbers are in blocks of {@link #schema}, zeros at first: held, and nothing is
 * good. Source of the composition: ours.
 */
public final class PublishGate {
  /** What the model is compared with. */
  public enum Against {
    BASELINE,
    GOOD
  }

  /** What an event has brought. */
  public enum Change {
    NONE,
    /** The model has passed. */
    PASSED,
    /** The version on trial is a good one. */
    CONFIRMED,
    /** The model is worse than it may be. */
    BROKEN
  }

  /** What an event has brought, and by which test. Used again. */
  public static final class Finding {
    private Change change = Change.NONE;
    private Against against = Against.BASELINE;
    private Verdict verdict = Verdict.IGNORED;
    private long index;

    public Change change() {
      return change;
    }

    /** What the model was compared with in the test that decided. */
    public Against against() {
      return against;
    }

    /** What that test says. */
    public Verdict verdict() {
      return verdict;
    }

    /** Its j; 0: it is one of a probation. */
    public long index() {
      return index;
    }

    private void set(Change what, Against by, Verdict said, long j) {
      change = what;
      against = by;
      verdict = said;
      index = j;
    }
  }

  private static final int MODEL = 1;

  // Notes.
  private static final int OPEN = 0;
  private static final int GOOD = 1; // version that is good, 0: none
  private static final int TRIAL = 2; // version on trial, 0: none
  private static final int NOTES = 3;

  private static final int NOTE_BLOCK = 0;
  private static final int BRAKES = 3;

  private final PromotionGate overBaseline;
  private final PromotionGate overGood;
  private final StateSchema schema;
  private final double bound;
  private final int window;
  private final double hardTolerance;

  /**
   * A gate.
   *
   * @param bound no gain is larger, or smaller than its negative; above 0
   * @param test one of {@link GateHypers#TEST}
   * @param values by name, of {@link GateHypers#HYPERS}
   * @throws io.millrace.core.ConfigException listing everything that is out of range
   */
  public PublishGate(double bound, String test, Map<String, Double> values) {
    this.bound = bound;
    this.overBaseline = PromotionGate.of(bound, 2, test, values);
    Map<String, Double> noWorse = new TreeMap<>(values);
    noWorse.put(GateHypers.MARGIN.name(), -value(values, GateHypers.GUARD_TOLERANCE));
    this.overGood = PromotionGate.of(bound, 2, test, noWorse);
    this.window = (int) value(values, GateHypers.HARD_WINDOW);
    this.hardTolerance = bound * value(values, GateHypers.HARD_TOLERANCE);
    this.schema =
        new StateSchema.Builder()
            .block("notes", NOTES)
            .block("over-baseline", overBaseline.length())
            .block("over-good", overGood.length())
            .block("brakes", Against.values().length * (1 + window))
            .build();
  }

  private static double value(Map<String, Double> values, Hyper h) {
    return values.getOrDefault(h.name(), h.def());
  }

  /** Blocks per key, zeros at first. */
  public StateSchema schema() {
    return schema;
  }

  /** Settings under which alone what the blocks hold is evidence, by name. */
  public Map<String, Double> hypotheses() {
    return overBaseline.hypotheses();
  }

  /** Whether the model's versions may be published. */
  public boolean isOpen(LearnerState s) {
    return s.block(NOTE_BLOCK)[OPEN] != 0;
  }

  /** The last good version; 0: there is none. */
  public long good(LearnerState s) {
    return (long) s.block(NOTE_BLOCK)[GOOD];
  }

  /** The version on trial; 0: there is none. */
  public long trial(LearnerState s) {
    return (long) s.block(NOTE_BLOCK)[TRIAL];
  }

  private PromotionGate gate(Against against) {
    return against == Against.GOOD ? overGood : overBaseline;
  }

  private double[] block(LearnerState s, Against against) {
    return s.block(1 + against.ordinal());
  }

  /**
   * Takes an event. What follows is the caller's: {@link #pass}, {@link #confirm}, {@link #hold}.
   *
   * @param baselineGain of the model over the baseline, within the bound; NaN: the event says
   *     nothing about the two
   * @param goodGain of the model over the last good version, likewise
   * @param out overwritten
   */
  public void take(LearnerState s, double baselineGain, double goodGain, Finding out) {
    out.set(Change.NONE, Against.BASELINE, Verdict.IGNORED, 0);
    boolean open = isOpen(s);
    boolean good = good(s) > 0;
    observe(s, Against.BASELINE, baselineGain, open, out);
    if (good && out.change == Change.NONE) {
      observe(s, Against.GOOD, goodGain, open, out);
    }
    boolean passes = !open && leads(s, Against.BASELINE) && (!good || leads(s, Against.GOOD));
    if (passes) {
      out.change = Change.PASSED;
    }
  }

  private boolean leads(LearnerState s, Against against) {
    return gate(against).champion(block(s, against)) == MODEL;
  }

  private void observe(LearnerState s, Against against, double gain, boolean open, Finding out) {
    PromotionGate gate = gate(against);
    double[] b = block(s, against);
    if (gate.champion(b) != MODEL) {
      gate.start(b, MODEL); // ignored where it runs
    }
    long j = gate.index(b, MODEL);
    Verdict verdict = gate.observe(b, MODEL, gain);
    if (open && brakes(s, against, gain) && !verdict.rollsBack()) {
      out.set(Change.BROKEN, against, Verdict.ROLLBACK_HARD, 0);
      return;
    }
    switch (verdict) {
      case PROMOTED -> out.set(Change.NONE, against, verdict, j);
      case ROLLBACK_PROVEN, ROLLBACK_HARD -> {
        if (open) {
          out.set(Change.BROKEN, against, verdict, 0);
        } else {
          gate.free(b, MODEL); // it had passed this test, and the other not yet
        }
      }
      case CONFIRMED -> {
        boolean onTrial = open && against == Against.BASELINE && trial(s) > 0;
        if (onTrial) {
          out.set(Change.CONFIRMED, against, verdict, 0);
        } else {
          rearm(gate, b);
        }
      }
      default -> {
        // It goes on, or challenges again at the next event.
      }
    }
  }

  /** Takes a gain of an open model, and says whether the last ones are far too small. */
  private boolean brakes(LearnerState s, Against against, double gain) {
    if (Double.isNaN(gain)) {
      return false;
    }
    double[] b = s.block(BRAKES);
    int count = against.ordinal() * (1 + window);
    int ring = count + 1;
    b[ring + (int) ((long) b[count] % window)] = gain;
    if (++b[count] < window) {
      return false;
    }
    double sum = 0;
    for (int i = ring; i < ring + window; i++) {
      sum += b[i];
    }
    return sum < -hardTolerance * window;
  }

  /** The model's probation begins anew, without what was before. */
  private static void rearm(PromotionGate gate, double[] b) {
    gate.appoint(b, 0, -1);
    gate.promote(b, MODEL);
  }

  private void rearm(LearnerState s) {
    for (Against against : Against.values()) {
      rearm(gate(against), block(s, against));
    }
  }

  /** The model has passed and was published. */
  public void pass(LearnerState s, long version) {
    double[] notes = s.block(NOTE_BLOCK);
    notes[OPEN] = 1;
    notes[GOOD] = version;
    notes[TRIAL] = 0;
    Arrays.fill(s.block(BRAKES), 0);
    rearm(s);
  }

  /**
   * A version was published of an open model.
   *
   * @return whether it is on trial from now on; else another one is
   */
  public boolean published(LearnerState s, long version) {
    double[] notes = s.block(NOTE_BLOCK);
    if (notes[TRIAL] > 0) {
      return false;
    }
    notes[TRIAL] = version;
    rearm(s);
    return true;
  }

  /** The version on trial is the last good one from now on. */
  public void confirm(LearnerState s) {
    double[] notes = s.block(NOTE_BLOCK);
    notes[GOOD] = notes[TRIAL];
    notes[TRIAL] = 0;
    rearm(s);
  }

  /**
   * The model is held until it passes: all that is known of it is forgotten.
   *
   * @param version of the last good one, which may have been published anew; 0: there is none
   */
  public void hold(LearnerState s, long version) {
    double[] notes = s.block(NOTE_BLOCK);
    notes[OPEN] = 0;
    notes[GOOD] = version;
    notes[TRIAL] = 0;
    for (Against against : Against.values()) {
      double[] b = block(s, against);
      gate(against).appoint(b, 0, -1);
      gate(against).free(b, MODEL);
    }
  }

  /**
   * Gain of the model over what it is compared with, cut to the bound; one that is not finite is as
   * bad as it can be.
   *
   * @param other NaN: it says nothing, and so does the event about the two
   */
  public double gain(double other, double model) {
    return Double.isNaN(other) ? Double.NaN : Gains.cut(other, model, bound);
  }

  /** Events that a finding rests on. */
  public long events(LearnerState s, Finding f) {
    return (long) gate(f.against).events(block(s, f.against), MODEL, f.verdict);
  }

  /** ln E of its test. */
  public double evidence(LearnerState s, Finding f) {
    return gate(f.against).evidence(block(s, f.against), MODEL, f.verdict);
  }

  /** What ln E had to reach. */
  public double threshold(Finding f) {
    return gate(f.against).threshold(f.verdict, f.index);
  }

  /** Mean gain of the model that it rests on. */
  public double meanGain(LearnerState s, Finding f) {
    return gate(f.against).gain(block(s, f.against), MODEL, f.verdict);
  }

  /** Lower bound on the mean gain of a model that has passed. */
  public double lowerGain(LearnerState s, Finding f) {
    return gate(f.against).lowerGain(block(s, f.against), MODEL);
  }

  /** Upper bound on it. */
  public double upperGain(LearnerState s, Finding f) {
    return gate(f.against).upperGain(block(s, f.against), MODEL);
  }
}
