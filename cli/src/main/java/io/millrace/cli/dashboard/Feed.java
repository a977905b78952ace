package io.millrace.cli.dashboard;

import io.millrace.cli.console.Causes;
import io.millrace.client.Assembly;
import io.millrace.client.AssemblyLimits;
import io.millrace.client.KafkaAccess;
import io.millrace.client.SnapshotAssembler;
import io.millrace.client.TopicFollower;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DecodeException;
import io.millrace.schemas.Reason;
import io.millrace.schemas.SingleObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * Reads the topics of metrics, models and dead letters into a {@link Board}, each by a thread of
 * its own. A topic that is not there yet is waited for; one that cannot be read is named on the
 * board and tried again.
 */
final class Feed implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final long AGAIN_SECONDS = 5;

  private final Board board;
  private final ModelShelf shelf;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();
  private final List<TopicFollower> open = new ArrayList<>();

  /** What is done with a record. */
  @FunctionalInterface
  private interface Taking {
    void take(ConsumerRecord<byte[], byte[]> record) throws DecodeException;
  }

  private Feed(Board board, ModelShelf shelf) {
    this.board = board;
    this.shelf = shelf;
  }

  /**
   * Begins to read.
   *
   * @param letters topic; null: the job has none
   * @param since how old records of metrics and dead letters may be; models are read whole
   */
  static Feed start(
      Board board,
      ModelShelf shelf,
      KafkaAccess kafka,
      String metrics,
      String models,
      String letters,
      Duration since) {
    Feed feed = new Feed(board, shelf);
    Instant from = Instant.now().minus(since);
    feed.follow("metrics", metrics, () -> open(kafka, metrics, from), feed::metric);
    SnapshotAssembler assembler = new SnapshotAssembler(AssemblyLimits.DEFAULT);
    feed.follow("models", models, () -> open(kafka, models, null), r -> feed.model(assembler, r));
    if (letters != null) {
      feed.follow("dead letters", letters, () -> open(kafka, letters, from), feed::letter);
    }
    feed.threads.forEach(Thread::start);
    return feed;
  }

  private static TopicFollower open(KafkaAccess kafka, String topic, Instant since) {
    return TopicFollower.open(kafka, "millrace-dashboard", topic, since);
  }

  private void follow(String name, String topic, Supplier<TopicFollower> opened, Taking taking) {
    board.caughtUp(name, false);
    Thread thread =
        new Thread(
            () -> run(name, topic, opened, taking), "millrace-dashboard-" + name.replace(' ', '-'));
    thread.setDaemon(true);
    threads.add(thread);
  }

  private void run(String name, String topic, Supplier<TopicFollower> opened, Taking taking) {
    boolean over = false;
    while (!over) {
      try (TopicFollower follower = keep(opened.get())) {
        read(name, topic, follower, taking);
      } catch (KafkaException e) {
        board.fault(name, "topic '" + topic + "' cannot be read: " + Causes.of(e));
      }
      try {
        over = stopped.await(AGAIN_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        over = true;
      }
    }
  }

  private void read(String name, String topic, TopicFollower follower, Taking taking) {
    long unreadable = 0;
    while (!follower.isStopped()) {
      boolean any = false;
      for (ConsumerRecord<byte[], byte[]> r : follower.poll(POLL)) {
        any = true;
        try {
          taking.take(r);
        } catch (DecodeException e) {
          unreadable++;
          board.fault(
              name + ", left out",
              unreadable
                  + " records that cannot be read, the last "
                  + r.topic()
                  + "-"
                  + r.partition()
                  + "@"
                  + r.offset()
                  + ": "
                  + e.getMessage());
        }
      }
      if (!follower.found()) {
        board.fault(name, "topic '" + topic + "' is not there yet; run a job, or name another");
      } else if (any || follower.caughtUp()) {
        board.fault(name, null);
        board.caughtUp(name, follower.caughtUp());
      }
    }
  }

  private TopicFollower keep(TopicFollower follower) {
    synchronized (open) {
      open.removeIf(TopicFollower::isStopped);
      open.add(follower);
      if (stopped.getCount() == 0) {
        follower.stop();
      }
    }
    return follower;
  }

  private void metric(ConsumerRecord<byte[], byte[]> r) throws DecodeException {
    board.accept(SingleObject.standard().decode(r.value()), r.timestamp());
  }

  private void model(SnapshotAssembler assembler, ConsumerRecord<byte[], byte[]> r)
      throws DecodeException {
    Assembly a = assembler.offer(r.partition(), r.key(), r.value());
    switch (a.kind()) {
      case COMPLETE -> {
        shelf.put(a.snapshot());
        board.accept(a.snapshot(), r.timestamp());
      }
      case REMOVED -> {
        shelf.remove(a.key());
        board.removed(a.key(), r.timestamp());
      }
      case CORRUPT, OVER_LIMIT -> throw new DecodeException(Reason.MALFORMED, a.message());
      case PENDING, STALE, OF_EARLIER_RUN, WITHOUT_BASE -> {}
    }
  }

  private void letter(ConsumerRecord<byte[], byte[]> r) throws DecodeException {
    board.accept(SingleObject.standard().decode(DeadLetter.class, r.value()), r.timestamp());
  }

  @Override
  public void close() {
    stopped.countDown();
    synchronized (open) {
      open.forEach(TopicFollower::stop);
    }
    try {
      for (Thread t : threads) {
        t.join(Duration.ofSeconds(10).toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
