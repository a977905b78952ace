package io.millrace.operators.life;

import io.millrace.operators.handler.Key;
import io.millrace.operators.journal.Journal;
import io.millrace.operators.journal.KeptEvent;
import io.millrace.operators.journal.Side;
import io.millrace.operators.journal.WaitingEvent;
import io.millrace.operators.publish.DeadLetterOffice;
import io.millrace.schemas.Reason;
import java.time.Duration;
import java.util.function.Predicate;
import org.apache.flink.metrics.Counter;

/**
 * Events that wait for another one with their id: examples for a label, requests for their cost;
 * and labels that have come before their example, because they stand in another topic that is read
 * faster. How long they wait is measured by the clock of their own key, so it is a function of the
 * key's events; how many and how much, is bounded.
 */
public final class WaitingById {
  /**
   * Bounds of waiting.
   *
   * @param longest how long, in event time; null: nothing waits
   * @param most events of a key that may wait at a time, on each side
   * @param maxBytes of a key that may be kept, waiting or held
   */
  public record Limits(Duration longest, int most, long maxBytes) {}

  /**
   * What messages call things.
   *
   * @param waiting what waits, such as {@code example}
   * @param awaited what is waited for, such as {@code label}
   * @param waitSetting key of the YAML that says how long
   * @param mostSetting key of the YAML that says how many
   * @param bytesSetting key of the YAML that says how much
   */
  public record Words(
      String waiting, String awaited, String waitSetting, String mostSetting, String bytesSetting) {
    String of(Side side) {
      return side == Side.FIRST ? waiting : awaited;
    }
  }

  private final Limits limits;
  private final long wait;
  private final Words words;
  private final DeadLetterOffice letters;
  private final Counter begun;
  private final Counter matched;
  private final Counter early;
  private final Predicate<WaitingEvent> unanswered;

  /**
   * Waiting in a stage, of which an event is taken when the other one has come.
   *
   * @param begun counts events that begin to wait
   * @param matched counts those whose other one has come
   * @param early counts events that have come before the one they are for
   */
  public WaitingById(
      Limits limits,
      Words words,
      DeadLetterOffice letters,
      Counter begun,
      Counter matched,
      Counter early) {
    this(limits, words, letters, begun, matched, early, w -> true);
  }

  /**
   * The same where an event may stay after the other one has come, to be found again.
   *
   * @param unanswered whether the other one has not come; if it has, the end is nobody's business
   */
  public WaitingById(
      Limits limits,
      Words words,
      DeadLetterOffice letters,
      Counter begun,
      Counter matched,
      Counter early,
      Predicate<WaitingEvent> unanswered) {
    this.limits = limits;
    this.wait = limits.longest() == null ? 0 : limits.longest().toMillis();
    this.words = words;
    this.letters = letters;
    this.begun = begun;
    this.matched = matched;
    this.early = early;
    this.unanswered = unanswered;
  }

  /** Whether anything waits at all. */
  public boolean on() {
    return wait > 0;
  }

  /** Why an event with this id cannot wait on a side; null: it can. */
  public Reason refuses(Key key, Side side, String id) {
    if (key.waits(side, id)) {
      return Reason.DUPLICATE_ID;
    }
    if (!key.isKept()) {
      return null;
    }
    if (key.ledger().queue(side).count >= limits.most()) {
      return Reason.TOO_MANY_PENDING;
    }
    return key.ledger().keptBytes() >= limits.maxBytes() ? Reason.TOO_MANY_BYTES : null;
  }

  /** The same for people. */
  public String message(Reason reason, Key key, Side side, String id) {
    String one = words.of(side);
    String other = words.of(side == Side.FIRST ? Side.SECOND : Side.FIRST);
    return switch (reason) {
      case DUPLICATE_ID ->
          "another "
              + one
              + " with id '"
              + id
              + "' already waits for its "
              + other
              + "; ids must differ";
      case TOO_MANY_PENDING ->
          limits.most()
              + " "
              + one
              + "s of key '"
              + key.name()
              + "' wait for their "
              + other
              + "s, as many as "
              + words.mostSetting()
              + " allows";
      default ->
          "events kept for key '"
              + key.name()
              + "' take "
              + key.ledger().keptBytes()
              + " bytes, "
              + words.bytesSetting()
              + " is "
              + limits.maxBytes();
    };
  }

  /**
   * Lets an event wait that {@link #refuses} does not refuse.
   *
   * @param made what was made of it and is needed later; copied
   */
  public void add(Key key, Side side, String id, KeptEvent event, double[] made) {
    key.await(side, id, event, made);
    (side == Side.FIRST ? begun : early).inc();
  }

  /** The event that waits on a side for the other one, and waits no more; null: there is none. */
  public WaitingEvent take(Key key, Side side, String id) {
    WaitingEvent found = key.take(side, id);
    if (found != null && side == Side.FIRST) {
      matched.inc();
    }
    return found;
  }

  /**
   * Whether an early event is so old by the key's clock that the one it is for has waited out its
   * time, or never came.
   */
  public boolean isTooLate(Key key, long eventTime) {
    return key.journal() != null && eventTime < key.journal().eventTime - wait;
  }

  /**
   * The event that waits first on a side for the other one, and goes on waiting until its time is
   * up; null: there is none.
   */
  public WaitingEvent find(Key key, String id) {
    return key.waiting(Side.FIRST, id);
  }

  /** Puts the answer to an event that goes on waiting where it is found again. */
  public void answer(Key key, String id, double[] made) {
    key.amend(Side.FIRST, id, made);
    matched.inc();
  }

  /**
   * Ends the waiting of those that came first, until one more may wait.
   *
   * @param ended is told of each
   */
  public void makeRoom(Key key, Key.Expired ended) {
    Journal j = key.ledger();
    while (j.waiting.count > 0
        && (j.waiting.count >= limits.most() || j.keptBytes() >= limits.maxBytes())) {
      key.evict(Side.FIRST, ended);
    }
  }

  /** Ends the waiting of events older than the key's clock allows, which become dead letters. */
  public void expire(Key key) {
    expire(key, (id, w) -> expired(key, id, w));
  }

  /**
   * Ends the waiting of events older than the key's clock allows.
   *
   * @param ended is told of each that nothing has come for
   */
  public void expire(Key key, Key.Expired ended) {
    key.expire(
        Side.FIRST,
        key.journal().eventTime - wait,
        (id, w) -> {
          if (unanswered.test(w)) {
            ended.event(id, w);
          }
        });
    expireEarly(key, key.journal().eventTime);
  }

  /** Makes a dead letter of an event that has waited out its time. */
  public void expired(Key key, String id, WaitingEvent w) {
    key.forget(id);
    send(
        key,
        w,
        Reason.LABEL_EXPIRED,
        "no " + words.awaited() + " came for '" + id + "' " + within());
  }

  /** Ends the waiting of early events older than a clock allows. */
  public void expireEarly(Key key, long clock) {
    key.expire(
        Side.SECOND,
        clock - wait,
        (id, w) ->
            send(
                key,
                w,
                Reason.LABEL_WITHOUT_EXAMPLE,
                "no " + words.waiting() + " with id '" + id + "' came " + within()));
  }

  private String within() {
    return "within " + words.waitSetting() + " = " + Duration.ofMillis(wait) + " of event time";
  }

  private void send(Key key, WaitingEvent w, Reason reason, String message) {
    letters.send(
        DeadLetterOffice.evidence(w.event(), key.name(), key.ledger()),
        key.journal(),
        reason,
        message);
  }

  /** Ends all waiting of a key that is at its end; early events wait for its next life. */
  void endAll(Key key) {
    key.expire(
        Side.FIRST,
        Long.MAX_VALUE,
        (id, w) -> {
          if (unanswered.test(w)) {
            send(
                key,
                w,
                Reason.LABEL_EXPIRED,
                "no "
                    + words.awaited()
                    + " came for '"
                    + id
                    + "' before key '"
                    + key.name()
                    + "' was forgotten after state.ttl");
          }
        });
  }
}
