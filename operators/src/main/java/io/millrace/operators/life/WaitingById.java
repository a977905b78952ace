package io.millrace.operators.life;

import io.millrace.operators.handler.Key;
import io.millrace.operators.journal.Journal;
import io.millrace.operators.journal.KeptEvent;
import io.millrace.operators.journal.WaitingEvent;
import io.millrace.operators.publish.DeadLetterOffice;
import io.millrace.schemas.Reason;
import java.time.Duration;
import org.apache.flink.metrics.Counter;

/**
 * Events that wait for another one with their id: examples for a label, requests for their cost.
 * How long they wait is measured by the clock of their own key, so it is a function of the key's
 * events; how many and how much, is bounded.
 */
public final class WaitingById {
  /**
   * Bounds of waiting.
   *
   * @param longest how long, in event time; null: nothing waits
   * @param most events of a key that may wait at a time
   * @param maxBytes of a key that may be kept, waiting or held
   */
  public record Limits(Duration longest, int most, long maxBytes) {}

  /**
   * What messages call things.
   *
   * @param awaited what is waited for, such as {@code label}
   * @param waitSetting key of the YAML that says how long
   * @param mostSetting key of the YAML that says how many
   * @param bytesSetting key of the YAML that says how much
   */
  public record Words(
      String awaited, String waitSetting, String mostSetting, String bytesSetting) {}

  private final Limits limits;
  private final long wait;
  private final Words words;
  private final DeadLetterOffice letters;
  private final Counter begun;
  private final Counter matched;

  /**
   * Waiting in a stage.
   *
   * @param begun counts events that begin to wait
   * @param matched counts those whose other one has come
   */
  public WaitingById(
      Limits limits, Words words, DeadLetterOffice letters, Counter begun, Counter matched) {
    this.limits = limits;
    this.wait = limits.longest() == null ? 0 : limits.longest().toMillis();
    this.words = words;
    this.letters = letters;
    this.begun = begun;
    this.matched = matched;
  }

  /** Whether anything waits at all. */
  public boolean on() {
    return wait > 0;
  }

  /** Why an event with this id cannot wait; null: it can. */
  public Reason refuses(Key key, String id) {
    Journal j = key.journal();
    if (key.waits(id)) {
      return Reason.DUPLICATE_ID;
    }
    if (j.waiting >= limits.most()) {
      return Reason.TOO_MANY_PENDING;
    }
    return j.waitingBytes + j.heldBytes >= limits.maxBytes() ? Reason.TOO_MANY_BYTES : null;
  }

  /** The same for people. */
  public String message(Reason reason, Key key, String id) {
    return switch (reason) {
      case DUPLICATE_ID ->
          "an event with id '"
              + id
              + "' already waits for its "
              + words.awaited()
              + "; ids must"
              + " differ";
      case TOO_MANY_PENDING ->
          limits.most()
              + " events wait for their "
              + words.awaited()
              + "s, as many as "
              + words.mostSetting()
              + " allows";
      default ->
          "events kept for key '"
              + key.name()
              + "' take "
              + (key.journal().waitingBytes + key.journal().heldBytes)
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
  public void add(Key key, String id, KeptEvent event, double[] made) {
    key.await(id, event, made);
    begun.inc();
  }

  /** The event that the other one with its id is for, which waits no more; null: there is none. */
  public WaitingEvent take(Key key, String id) {
    WaitingEvent found = key.take(id);
    if (found != null) {
      matched.inc();
    }
    return found;
  }

  /** Ends the waiting of events older than the key's clock allows. */
  public void expire(Key key) {
    key.expire(
        key.journal().eventTime - wait,
        (id, w) -> {
          key.forget(id);
          letters.send(
              DeadLetterOffice.evidence(w.event(), key.name(), key.journal()),
              key.journal(),
              Reason.LABEL_EXPIRED,
              "no "
                  + words.awaited()
                  + " came for '"
                  + id
                  + "' within "
                  + words.waitSetting()
                  + " = "
                  + Duration.ofMillis(wait)
                  + " of event time");
        });
  }

  /** Ends all waiting of a key that is going to be forgotten. */
  void endAll(Key key) {
    key.expire(
        Long.MAX_VALUE,
        (id, w) ->
            letters.send(
                DeadLetterOffice.evidence(w.event(), key.name(), key.journal()),
                key.journal(),
                Reason.LABEL_EXPIRED,
                "no "
                    + words.awaited()
                    + " came for '"
                    + id
                    + "' before key '"
                    + key.name()
                    + "' was forgotten after state.ttl"));
  }
}
