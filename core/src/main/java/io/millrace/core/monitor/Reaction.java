package io.millrace.core.monitor;

import io.millrace.core.compute.Elementary;
import java.util.List;
import java.util.Locale;

/**
 * What is done about a warning and a drift, before the event that told is learned from.
 *
 * <pre>
 * reset : at a drift the model begins anew
 * boost : for a while the learning rate is rate (1 + (b - 1) e^(-(t - t_drift) / tau))
 * swap  : at a warning a background model begins, unless there is one; it learns every event too
 *         at a drift it takes the model's place; where there is none, the model begins anew
 *         after {@code calm} events in a row without a warning it is given up
 * </pre>
 *
 * <p>Immutable: the numbers are {@link #LENGTH} doubles in the caller's block, zeros at first.
 */
public final class Reaction {
  /** What the reaction is. */
  public enum Kind {
    NONE,
    RESET,
    BOOST,
    SWAP;

    /** As the job's YAML has it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The words of all. */
    public static List<String> words() {
      return List.of(NONE.word(), RESET.word(), BOOST.word(), SWAP.word());
    }
  }

  /** What is to be done. */
  public enum Action {
    NOTHING,
    /** The model begins anew. */
    RESET,
    /** A background model begins. */
    BEGIN,
    /** The background model takes the model's place. */
    SWAP,
    /** The background model is given up. */
    GIVE_UP;

    /** As events have it; nothing is none. */
    public String word() {
      return this == NOTHING ? Kind.NONE.word() : name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Doubles that the caller keeps. */
  public static final int LENGTH = 3;

  private static final int AGO = 0; // events since the last drift, plus 1; 0: there was none
  private static final int CALM = 1; // events in a row without a warning
  private static final int BACKGROUND = 2; // 1: there is one

  private final Kind kind;
  private final double boost;
  private final double tau;
  private final double calm;

  /**
   * A reaction.
   *
   * @param boost factor of the learning rate at a drift, b, at least 1
   * @param tau events in which what is above 1 of it falls to a share of 1/e, above 0
   * @param calm events without a warning after which a background model is given up
   */
  public Reaction(Kind kind, double boost, double tau, long calm) {
    this.kind = kind;
    this.boost = boost;
    this.tau = tau;
    this.calm = calm;
  }

  /** What is to be done at an event, before it is learned from. */
  public Action to(double[] b, int at, DriftWatch.Happening happening) {
    boolean drift = happening == DriftWatch.Happening.DRIFT;
    if (drift) {
      b[at + AGO] = 1;
    } else if (b[at + AGO] > 0) {
      b[at + AGO]++;
    }
    if (kind == Kind.SWAP) {
      return swap(b, at, happening);
    }
    b[at + BACKGROUND] = 0; // one that another reaction has left has missed events since
    b[at + CALM] = 0;
    return drift && kind == Kind.RESET ? Action.RESET : Action.NOTHING;
  }

  /** Whether there is a background model. */
  boolean hasBackground(double[] b, int at) {
    return kind == Kind.SWAP && b[at + BACKGROUND] != 0;
  }

  private Action swap(double[] b, int at, DriftWatch.Happening happening) {
    boolean there = b[at + BACKGROUND] != 0;
    switch (happening) {
      case DRIFT -> {
        b[at + BACKGROUND] = 0;
        b[at + CALM] = 0;
        return there ? Action.SWAP : Action.RESET;
      }
      case WARNING_BEGAN, WARNING_STANDS -> {
        b[at + BACKGROUND] = 1;
        b[at + CALM] = 0;
        return there ? Action.NOTHING : Action.BEGIN;
      }
      default -> {
        if (there && ++b[at + CALM] >= calm) {
          b[at + BACKGROUND] = 0;
          b[at + CALM] = 0;
          return Action.GIVE_UP;
        }
        return Action.NOTHING;
      }
    }
  }

  /** What the reaction is. */
  public Kind kind() {
    return kind;
  }

  /** Whether anything but a report follows a drift. */
  public boolean acts() {
    return kind != Kind.NONE;
  }

  /** What the learning rate of the event at hand is multiplied with. */
  public double rateFactor(double[] b, int at) {
    return kind == Kind.BOOST && b[at + AGO] > 0
        ? 1 + (boost - 1) * Elementary.exp(-(b[at + AGO] - 1) / tau)
        : 1;
  }
}
