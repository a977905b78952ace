package io.millrace.client;

import io.millrace.schemas.ArmChange;
import io.millrace.schemas.DecodeException;
import io.millrace.schemas.FeedbackSource;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.TuneDecision;
import io.millrace.schemas.TuneFeedback;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the tuners of a `tune` job for decisions and reports what they cost.
 *
 * <p>A request goes out at once, and its decision is found by its id among the decisions of the
 * topic, which a thread of the client's own reads. When none comes in time, the arm that the caller
 * has named for then is used; its cost is reported as that of a fallback, so that neither the tuner
 * nor an evaluation of its log takes it for a decision. Asking twice under one id is safe: the
 * answer is the same. Thread-safe.
 *
 * <p>A write that Kafka refuses is thrown as {@link EventWriteException} by the next call.
 */
public final class TuneClient implements AutoCloseable {
  /** Decisions whose cost can be reported by the request's id alone: the last so many. */
  public static final int REMEMBERED = 100_000;

  private static final Logger LOG = LoggerFactory.getLogger(TuneClient.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration START = Duration.ofSeconds(30);

  private final Producer<byte[], byte[]> producer;
  private final TuneTopics topics;
  private final TopicFollower follower;
  private final Thread thread;
  private final WriteFailures failures = new WriteFailures();
  private final String prefix = UUID.randomUUID() + "-";
  private final AtomicLong requests = new AtomicLong();

  /** Who waits for a decision; no list is empty. */
  private final Map<Asked, List<CompletableFuture<Decision>>> waiting = new ConcurrentHashMap<>();

  private final Map<String, Decision> decided =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Decision> eldest) {
          return size() > REMEMBERED;
        }
      };
  private volatile Throwable failure;

  /** A request by its address. */
  private record Asked(String tuner, String id) {}

  /**
   * A client over a producer and a consumer of its own from now on.
   *
   * @throws TuneException if the topic of decisions is not there
   */
  TuneClient(
      Producer<byte[], byte[]> producer, Consumer<byte[], byte[]> consumer, TuneTopics topics) {
    this.producer = producer;
    this.topics = topics;
    this.follower = new TopicFollower(consumer, topics.decisions(), System::nanoTime, true);
    this.thread = new Thread(this::run, "millrace-decisions-" + topics.decisions());
    thread.setDaemon(true);
  }

  /**
   * Connects, and returns when every decision made from now on will be seen.
   *
   * @param clientId names this client in the broker's logs
   * @throws TuneException if the topic of decisions is not there; the job makes it
   */
  public static TuneClient open(KafkaAccess kafka, String clientId, TuneTopics topics) {
    TuneClient client =
        new TuneClient(kafka.producer(clientId, "0"), kafka.consumer(clientId), topics);
    return client.begin(START);
  }

  TuneClient begin(Duration timeout) {
    if (!follower.begin(timeout)) {
      follower.close();
      producer.close(Duration.ZERO);
      throw new TuneException(
          "topic '"
              + topics.decisions()
              + "' is not there after "
              + timeout
              + "; start the `tune` job, which makes it, or name its topic",
          null);
    }
    thread.start();
    return this;
  }

  private void run() {
    try {
      while (!follower.isStopped()) {
        for (ConsumerRecord<byte[], byte[]> r : follower.poll(POLL)) {
          take(r);
        }
      }
    } catch (RuntimeException | Error e) { // whatever ends this thread, those who wait are told
      LOG.error("decisions of '{}' are not read any longer", topics.decisions(), e);
      failure = e;
      waiting.values().forEach(all -> all.forEach(f -> f.completeExceptionally(unreadable())));
      if (e instanceof Error error) {
        throw error;
      }
    } finally {
      follower.close();
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> r) {
    TuneDecision d;
    try {
      d = SingleObject.standard().decode(TuneDecision.class, r.value());
    } catch (DecodeException e) {
      LOG.warn("{}-{}@{}: {}; skipped", r.topic(), r.partition(), r.offset(), e.getMessage());
      return;
    }
    List<CompletableFuture<Decision>> asked = waiting.get(new Asked(d.getKey(), d.getId()));
    if (asked != null) { // else another client's, or it has come before
      Decision decision = Decision.of(d);
      asked.forEach(f -> f.complete(decision));
    }
  }

  private TuneException unreadable() {
    return new TuneException(
        "topic '" + topics.decisions() + "' cannot be read: " + failure, failure);
  }

  /**
   * Asks a tuner with all its arms, and waits for its decision.
   *
   * @throws TuneException if none comes within {@link TuneQuery#DEFAULT_TIMEOUT}
   */
  public Decision decide(String tuner, double... context) throws InterruptedException {
    return decide(TuneQuery.of(tuner, context));
  }

  /**
   * Asks a tuner and waits for its decision.
   *
   * @throws TuneException if none comes in time and the query names no fallback
   */
  public Decision decide(TuneQuery query) throws InterruptedException {
    try {
      return decideAsync(query).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TuneException known) {
        throw known;
      }
      throw new TuneException(
          "tuner '" + query.tuner() + "' cannot be asked: " + e.getCause(), e.getCause());
    }
  }

  /**
   * Asks a tuner. The answer is completed by the thread that reads decisions: what depends on it
   * should be quick, or take another thread.
   *
   * @return completes with the decision, with the query's fallback when none comes in time, or with
   *     a {@link TuneException} where it names none
   */
  public CompletableFuture<Decision> decideAsync(TuneQuery query) {
    failures.surface();
    String id = query.id().isEmpty() ? prefix + requests.incrementAndGet() : query.id();
    Asked asked = new Asked(query.tuner(), id);
    CompletableFuture<Decision> answer = new CompletableFuture<>();
    waiting.merge(asked, List.of(answer), TuneClient::joined);
    if (failure != null) {
      answer.completeExceptionally(unreadable());
    }
    emit(topics.requests(), query.tuner(), query.id(id).request());
    String fallback = query.fallback();
    answer.completeOnTimeout(
        fallback.isEmpty() ? null : Decision.fallback(query.tuner(), id, fallback),
        query.timeout().toMillis(),
        TimeUnit.MILLISECONDS);
    return answer.handle((decision, e) -> settle(query, asked, answer, decision));
  }

  private static <T> List<T> joined(List<T> a, List<T> b) {
    return Stream.concat(a.stream(), b.stream()).toList();
  }

  private Decision settle(
      TuneQuery query, Asked asked, CompletableFuture<Decision> answer, Decision decision) {
    waiting.computeIfPresent(
        asked,
        (a, all) -> {
          List<CompletableFuture<Decision>> others = all.stream().filter(f -> f != answer).toList();
          return others.isEmpty() ? null : others;
        });
    if (answer.isCompletedExceptionally()) {
      throw unreadable();
    }
    if (decision == null) {
      throw new TuneException(
          "tuner '"
              + query.tuner()
              + "' has not decided request '"
              + asked.id()
              + "' within "
              + query.timeout()
              + "; see whether the job runs and its dead letters, or name a fallback",
          null);
    }
    synchronized (decided) {
      decided.put(asked.id(), decision);
    }
    return decision;
  }

  /**
   * Reports what the arm of one of this client's decisions has cost.
   *
   * @param requestId of {@link Decision#id}, among the last {@value #REMEMBERED}
   * @param cost finite; lower is better
   * @throws TuneException if the decision is not one of those
   */
  public void report(String requestId, double cost) {
    Decision decision;
    synchronized (decided) {
      decision = decided.get(requestId);
    }
    if (decision == null) {
      throw new TuneException(
          "request '"
              + requestId
              + "' is none of the last "
              + REMEMBERED
              + " that this client has had decided; report by the decision, or by tuner and id",
          null);
    }
    report(decision, cost);
  }

  /** Reports what the arm of a decision has cost, or a fallback. */
  public void report(Decision decision, double cost) {
    send(
        new TuneFeedback(
            decision.tuner(),
            decision.id(),
            Instant.EPOCH,
            cost,
            decision.fallback() ? FeedbackSource.FALLBACK : FeedbackSource.DECISION,
            decision.arm()));
  }

  /** Reports what a tuner's decision has cost, which another process may have asked for. */
  public void report(String tuner, String requestId, double cost) {
    send(new TuneFeedback(tuner, requestId, Instant.EPOCH, cost, FeedbackSource.DECISION, ""));
  }

  /** Sends feedback as it is. */
  public void send(TuneFeedback feedback) {
    failures.surface();
    emit(topics.feedback(), feedback.getKey(), feedback);
  }

  /** Sends an order about an arm. */
  public void send(ArmChange change) {
    failures.surface();
    emit(topics.requests(), change.getKey(), change);
  }

  private void emit(String topic, String key, SpecificRecordBase record) {
    producer.send(
        new ProducerRecord<>(
            topic, key.getBytes(StandardCharsets.UTF_8), SingleObject.encode(record)),
        (meta, e) -> failures.done(topic, e));
  }

  /** Returns when Kafka has taken everything sent. */
  public void flush() {
    producer.flush();
    failures.surface();
  }

  /** Flushes and closes; who waits for a decision is told by its timeout. */
  @Override
  public void close() {
    try {
      flush();
    } finally {
      follower.stop();
      producer.close(Duration.ofSeconds(30));
      try {
        thread.join(Duration.ofSeconds(10).toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
