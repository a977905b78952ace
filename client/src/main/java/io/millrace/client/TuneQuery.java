package io.millrace.client;

import io.millrace.schemas.TuneRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * What a tuner is asked. Immutable; each method gives another one.
 *
 * @param tuner key of the tuner
 * @param id of the request; empty: the client makes one
 * @param eventTime milliseconds since the epoch; 0: when Kafka takes the request
 * @param deadline until when feedback counts, milliseconds since the epoch; 0: as long as the job
 *     waits
 * @param context what is known of the case; as many numbers as the job's request.context
 * @param arms names of the eligible arms; empty: all
 * @param armFeatures what is known of each arm, arm by arm in the order of {@code arms}
 * @param timeout how long a decision is waited for
 * @param fallback name of the arm that is used when none comes; empty: that is an error
 */
public record TuneQuery(
    String tuner,
    String id,
    long eventTime,
    long deadline,
    List<Double> context,
    List<String> arms,
    List<Double> armFeatures,
    Duration timeout,
    String fallback) {
  /** Unless another is given. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

  public TuneQuery {
    Objects.requireNonNull(tuner, "tuner");
    context = List.copyOf(context);
    arms = List.copyOf(arms);
    armFeatures = List.copyOf(armFeatures);
  }

  /** Asks a tuner, all its arms eligible. */
  public static TuneQuery of(String tuner, double... context) {
    return new TuneQuery(
        tuner, "", 0, 0, boxed(context), List.of(), List.of(), DEFAULT_TIMEOUT, "");
  }

  private static List<Double> boxed(double[] numbers) {
    return Arrays.stream(numbers).boxed().toList();
  }

  /** Under an id of the caller's: asked again with it, the tuner gives the same answer. */
  public TuneQuery id(String requestId) {
    return new TuneQuery(
        tuner, requestId, eventTime, deadline, context, arms, armFeatures, timeout, fallback);
  }

  /** With times, milliseconds since the epoch; see the record's parameters. */
  public TuneQuery times(long event, long until) {
    return new TuneQuery(tuner, id, event, until, context, arms, armFeatures, timeout, fallback);
  }

  /** With some arms eligible. */
  public TuneQuery arms(List<String> eligible) {
    return new TuneQuery(
        tuner, id, eventTime, deadline, context, eligible, armFeatures, timeout, fallback);
  }

  /** With features of the eligible arms, arm by arm. */
  public TuneQuery armFeatures(double... features) {
    return new TuneQuery(
        tuner, id, eventTime, deadline, context, arms, boxed(features), timeout, fallback);
  }

  /** How long a decision is waited for; when none has come by then, it is an error. */
  public TuneQuery within(Duration longest) {
    return new TuneQuery(
        tuner, id, eventTime, deadline, context, arms, armFeatures, longest, fallback);
  }

  /** How long a decision is waited for, and the arm that is used when none has come by then. */
  public TuneQuery within(Duration longest, String otherwise) {
    return new TuneQuery(
        tuner, id, eventTime, deadline, context, arms, armFeatures, longest, otherwise);
  }

  TuneRequest request() {
    return new TuneRequest(
        tuner,
        id,
        Instant.ofEpochMilli(eventTime),
        Instant.ofEpochMilli(deadline),
        context,
        arms,
        armFeatures);
  }
}
