package io.millrace.operators.tune;

import io.millrace.core.bandit.PolicyRequest;
import io.millrace.core.bandit.PolicyShape;
import io.millrace.core.decision.ArmRoster;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import io.millrace.operators.handler.BlockSpec;
import io.millrace.operators.handler.Key;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What is kept of a tuner beside its policy's numbers: arms and their values, how many decisions
 * there were, and the probabilities of the last one. A view of the key at hand, aimed anew at each
 * event; not thread-safe.
 */
final class Tuner {
  private static final String ARMS = "arms";
  private static final String VALUES = "values";
  private static final String PROBABILITIES = "probabilities";
  private static final String COUNTS = "counts";

  /** Places in the block of counts. */
  private enum Count {
    /** Decisions, the number of the last one. */
    ROUND,
    /** Decisions before the last reset. */
    RESET,
    /** Decisions since then that the policy's statistics will know nothing of. */
    UNKNOWN,
    /** Requests whose feedback may still come. */
    PENDING,
    /** Requests for which none came. */
    CENSORED,
    /** Feedback of something else than was decided. */
    FOREIGN,
    /** Event time up to which requests have been forgotten to make room. */
    HORIZON,
    /** One more than the index of the best arm; 0: not known. */
    BEST
  }

  private static final int COUNT = Count.values().length;

  private final int part;
  private final PolicyShape shape;
  private Key key;
  private LearnerState state;
  private ArmRoster roster;

  /** Bytes that the roster at hand was read from. */
  private byte[] rosterBytes;

  /**
   * A view.
   *
   * @param part place of its block in the handler's list
   */
  Tuner(int part, PolicyShape shape) {
    this.part = part;
    this.shape = shape;
  }

  /** Its block. */
  static BlockSpec block(TuneOptions options) {
    int most = options.shape().maxArms();
    StateSchema schema =
        new StateSchema.Builder()
            .block(VALUES, most)
            .block(PROBABILITIES, most)
            .block(COUNTS, StateSchema.Type.LONGS, COUNT)
            .bytes(ARMS)
            .build();
    TreeMap<String, String> meaning = new TreeMap<>();
    meaning.put("arms.names", names(options.arms()));
    return new BlockSpec("tuner", "tuner", schema, meaning);
  }

  private static String names(List<TuneOptions.Arm> arms) {
    return arms.stream()
        .map(a -> a.name() + (Double.isNaN(a.value()) ? "" : "=" + a.value()))
        .collect(Collectors.joining(", "));
  }

  /** Puts a fresh one to its start. */
  void begin(Key of, List<TuneOptions.Arm> arms) {
    of.renew(part);
    key = of;
    state = of.write(part);
    rosterBytes = null;
    roster = new ArmRoster(shape.maxArms());
    Arrays.fill(state.block(VALUES), Double.NaN);
    state.longs(COUNTS)[Count.HORIZON.ordinal()] = Long.MIN_VALUE;
    for (TuneOptions.Arm arm : arms) {
      state.block(VALUES)[roster.add(arm.name())] = arm.value();
    }
    keepRoster();
  }

  /** Goes to a key that has begun. */
  Tuner at(Key of) {
    key = of;
    state = of.read(part);
    byte[] bytes = state.bytes(ARMS);
    if (bytes != rosterBytes) {
      roster = ArmRoster.of(bytes, shape.maxArms());
      rosterBytes = bytes;
    }
    return this;
  }

  /** Arms and their order; whoever changes it calls {@link #keepRoster}. */
  ArmRoster roster() {
    return roster;
  }

  void keepRoster() {
    rosterBytes = roster.toBytes();
    write().setBytes(ARMS, rosterBytes);
  }

  private LearnerState write() {
    state = key.write(part);
    return state;
  }

  /** Name of an arm; that of a purged one, too. */
  String name(int arm) {
    return roster.name(arm);
  }

  /** Value of an arm; NaN: it has none. */
  double value(int arm) {
    return state.block(VALUES)[arm];
  }

  /** Whether arms have values; all do or none. */
  boolean valued() {
    return !Double.isNaN(value(0));
  }

  /** Values of so many arms, from the first; a copy. */
  double[] values(int arms) {
    return Arrays.copyOf(state.block(VALUES), arms);
  }

  void setValue(int arm, double value) {
    write().block(VALUES)[arm] = value;
  }

  /** Probabilities of the last decision [maxArms]; zeros before the first. Not to be modified. */
  double[] probabilities() {
    return state.block(PROBABILITIES);
  }

  private long get(Count count) {
    return state.longs(COUNTS)[count.ordinal()];
  }

  private void add(Count count, long n) {
    write().longs(COUNTS)[count.ordinal()] += n;
  }

  /** Decisions so far. */
  long round() {
    return get(Count.ROUND);
  }

  /** Requests whose feedback may still come. */
  long pending() {
    return get(Count.PENDING);
  }

  /** Requests for which no feedback came. */
  long censored() {
    return get(Count.CENSORED);
  }

  /** Feedback of something else than was decided. */
  long foreign() {
    return get(Count.FOREIGN);
  }

  /** What the policy is asked, but for what the request brings. */
  void fill(PolicyRequest request) {
    System.arraycopy(state.block(VALUES), 0, request.values(), 0, shape.maxArms());
    request.setRound(1 + get(Count.ROUND) - get(Count.RESET) - get(Count.UNKNOWN));
  }

  /** A decision has been made. */
  void decided(double[] probabilities) {
    add(Count.ROUND, 1);
    add(Count.PENDING, 1);
    System.arraycopy(probabilities, 0, state.block(PROBABILITIES), 0, shape.maxArms());
  }

  /**
   * Feedback has come for a decision.
   *
   * @param round of the decision
   * @param asDecided whether the arm decided for was used because of the decision
   */
  void answered(long round, boolean asDecided) {
    add(Count.PENDING, -1);
    if (!asDecided) {
      add(Count.FOREIGN, 1);
      unknown(round);
    }
  }

  /**
   * No feedback has come for a decision.
   *
   * @param round of the decision
   * @param charged whether it is learned from all the same
   */
  void censored(long round, boolean charged) {
    add(Count.PENDING, -1);
    add(Count.CENSORED, 1);
    if (!charged) {
      unknown(round);
    }
  }

  private void unknown(long round) {
    if (round > get(Count.RESET)) {
      add(Count.UNKNOWN, 1);
    }
  }

  /**
   * Takes note of the best arm.
   *
   * @param arm -1: none is known
   * @return whether it is another one than before
   */
  boolean bestIs(int arm) {
    if (get(Count.BEST) == arm + 1) {
      return false;
    }
    write().longs(COUNTS)[Count.BEST.ordinal()] = arm + 1;
    return true;
  }

  /** The policy begins anew. */
  void reset() {
    long[] counts = write().longs(COUNTS);
    counts[Count.RESET.ordinal()] = counts[Count.ROUND.ordinal()];
    counts[Count.UNKNOWN.ordinal()] = 0;
  }

  /** Event time up to which decisions are not known any more, because room was needed. */
  long horizon() {
    return get(Count.HORIZON);
  }

  void forgottenUpTo(long eventTime) {
    long before = get(Count.HORIZON);
    write().longs(COUNTS)[Count.HORIZON.ordinal()] = Math.max(before, eventTime);
  }
}
