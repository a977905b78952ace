package io.millrace.client;

import io.millrace.schemas.PartCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest model of every key in a models topic: whole, checksummed, committed, never older than
 * the one before. When a job is started anew without its state, its first models replace those of
 * the run before, and listeners, the log and {@link #status} say so.
 *
 * <p>{@link #follow} reads with a thread of its own; {@link #manual} reads when {@link #poll} is
 * called. {@link #get} and the other questions may be asked from any thread and never wait for
 * Kafka. When the topic cannot be read any longer the models stay and {@link #status} says why.
 */
public final class ModelStore implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ModelStore.class);
  private static final Duration POLL = Duration.ofMillis(500);

  private final ModelStoreOptions options;
  private final TopicFollower follower;
  private final SnapshotAssembler assembler;
  private final Map<String, Model> models = new ConcurrentHashMap<>();
  private final List<ModelListener> listeners = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private final Object changed = new Object();

  // Written by the reading thread under 'changed'.
  private long records;
  private long bytes;
  private long complete;
  private long removed;
  private long skipped;
  private long newRuns;
  private long withoutBase;
  private long ofEarlierRuns;
  private long corrupt;
  private long overLimit;
  private int pending;
  private long incomplete;
  private long lag = -1;
  private boolean caughtUp;
  private Throwable failure;
  private boolean closed;

  private ModelStore(Consumer<byte[], byte[]> consumer, ModelStoreOptions options, boolean own) {
    this.options = options;
    this.follower = new TopicFollower(consumer, options.topic(), System::nanoTime);
    this.assembler = new SnapshotAssembler(options.limits());
    this.thread = own ? new Thread(this::run, "millrace-models-" + options.topic()) : null;
    if (own) {
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** Follows a topic with a thread of the store's own. */
  public static ModelStore follow(KafkaAccess kafka, ModelStoreOptions options) {
    return follow(kafka.consumer(options.clientId()), options);
  }

  /** Follows with a consumer that the store owns from now on. */
  static ModelStore follow(Consumer<byte[], byte[]> consumer, ModelStoreOptions options) {
    return new ModelStore(consumer, options, true);
  }

  /** Reads only in {@link #poll}, which one thread must call. */
  public static ModelStore manual(KafkaAccess kafka, ModelStoreOptions options) {
    return manual(kafka.consumer(options.clientId()), options);
  }

  /** Reads only in {@link #poll}, with a consumer that the store owns from now on. */
  static ModelStore manual(Consumer<byte[], byte[]> consumer, ModelStoreOptions options) {
    return new ModelStore(consumer, options, false);
  }

  /** The newest model of a key. */
  public Optional<Model> get(String key) {
    return Optional.ofNullable(models.get(key));
  }

  /** Keys with a model, sorted. */
  public List<String> keys() {
    return List.copyOf(new TreeSet<>(models.keySet()));
  }

  /** Tells a listener of every change from now on. */
  public void addListener(ModelListener listener) {
    listeners.add(listener);
  }

  /** Tells a listener of no further change. */
  public void removeListener(ModelListener listener) {
    listeners.remove(listener);
  }

  /** Freshness and counts. */
  public StoreStatus status() {
    Instant newest =
        models.values().stream().map(Model::eventTime).max(Instant::compareTo).orElse(null);
    synchronized (changed) {
      return new StoreStatus(
          models.size(),
          caughtUp,
          lag,
          newest,
          newest == null ? null : Duration.between(newest, options.clock().instant()),
          new StoreStatus.Counts(
              records,
              bytes,
              complete,
              removed,
              skipped,
              newRuns,
              withoutBase,
              ofEarlierRuns,
              corrupt,
              overLimit,
              pending,
              incomplete),
          failure);
    }
  }

  /**
   * Waits until everything that was in the topic at the start has been read.
   *
   * @return whether that was so in time
   * @throws ModelStoreException if the topic cannot be followed
   */
  public boolean awaitCaughtUp(Duration timeout) throws InterruptedException {
    return await(() -> caughtUp, timeout);
  }

  /**
   * Waits for a version of a key, or a newer one.
   *
   * @return the model, empty if it did not come in time
   * @throws ModelStoreException if the topic cannot be followed
   */
  public Optional<Model> awaitVersion(String key, long version, Duration timeout)
      throws InterruptedException {
    boolean there =
        await(
            () -> {
              Model m = models.get(key);
              return m != null && m.version() >= version;
            },
            timeout);
    return there ? get(key) : Optional.empty();
  }

  private boolean await(BooleanSupplier condition, Duration timeout) throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    while (true) {
      long millis;
      synchronized (changed) {
        if (condition.getAsBoolean()) {
          return true;
        }
        if (failure != null) {
          throw new ModelStoreException(
              "topic '" + options.topic() + "' cannot be followed: " + failure, failure);
        }
        millis = (end - System.nanoTime()) / 1_000_000;
        if (millis <= 0 || closed) {
          return false;
        }
        if (thread != null) {
          changed.wait(millis);
        }
      }
      if (thread == null) { // without the lock: others may ask meanwhile
        poll(Duration.ofMillis(Math.min(millis, POLL.toMillis())));
      }
    }
  }

  /**
   * Reads what is there, waiting at most so long for something; only for a {@link #manual} store.
   *
   * @return models that are new
   * @throws ModelStoreException if the topic cannot be read
   */
  public int poll(Duration timeout) {
    if (thread != null) {
      throw new IllegalStateException("this store reads with its own thread");
    }
    try {
      return read(timeout);
    } catch (RuntimeException e) {
      fail(e);
      throw new ModelStoreException("topic '" + options.topic() + "' cannot be read: " + e, e);
    } catch (Error e) {
      fail(e);
      throw e;
    }
  }

  private void run() {
    try {
      while (!follower.isStopped()) {
        read(POLL);
      }
    } catch (RuntimeException | Error e) { // whatever ends this thread, those who wait are told
      LOG.error("models of '{}' are not followed any longer", options.topic(), e);
      fail(e);
      if (e instanceof Error error) {
        throw error;
      }
    } finally {
      follower.close();
    }
  }

  private void fail(Throwable e) {
    synchronized (changed) {
      failure = e;
      changed.notifyAll();
    }
  }

  private int read(Duration timeout) {
    int news = 0;
    for (ConsumerRecord<byte[], byte[]> r : follower.poll(timeout)) {
      news += take(r) ? 1 : 0;
    }
    boolean all = follower.caughtUp();
    long behind = follower.lag();
    synchronized (changed) {
      caughtUp |= all;
      lag = behind;
      pending = assembler.pendingSnapshots();
      incomplete = assembler.abandoned();
      changed.notifyAll();
    }
    return news;
  }

  private boolean take(ConsumerRecord<byte[], byte[]> r) {
    synchronized (changed) {
      records++;
      bytes += r.value() == null ? 0 : r.value().length;
    }
    if (!wanted(r.key())) {
      count(Assembly.Kind.STALE);
      return false;
    }
    Assembly a = assembler.offer(r.partition(), r.key(), r.value());
    switch (a.kind()) {
      case COMPLETE -> {
        Model before = models.get(a.key());
        Model model = Model.of(a.snapshot(), options.limits(), before);
        models.put(a.key(), model);
        count(a.kind());
        if (before != null && before.incarnation() != model.incarnation()) {
          newRun(before, model);
        }
        tell(listener -> listener.onModel(model));
      }
      case REMOVED -> {
        models.remove(a.key());
        count(a.kind());
        tell(listener -> listener.onRemoved(a.key()));
      }
      case CORRUPT, OVER_LIMIT -> {
        LOG.warn("{}-{}@{}: {}; skipped", r.topic(), r.partition(), r.offset(), a.message());
        count(a.kind());
      }
      case PENDING -> {}
      case STALE -> count(a.kind());
      case WITHOUT_BASE -> {
        LOG.debug("{}-{}@{}: a delta without its base", r.topic(), r.partition(), r.offset());
        count(a.kind());
      }
      case OF_EARLIER_RUN -> {
        LOG.debug("{}-{}@{}: model of an earlier run", r.topic(), r.partition(), r.offset());
        count(a.kind());
      }
    }
    return a.kind() == Assembly.Kind.COMPLETE;
  }

  private void newRun(Model before, Model model) {
    synchronized (changed) {
      newRuns++;
    }
    LOG.info(
        "{} of incarnation {} takes the place of version {} of incarnation {}: its job was started"
            + " without its state",
        model,
        model.incarnation(),
        before.version(),
        before.incarnation());
    tell(listener -> listener.onNewRun(before, model));
  }

  private boolean wanted(byte[] recordKey) {
    if (recordKey == null) {
      return true; // the assembler says what is wrong with it
    }
    String name = new String(recordKey, StandardCharsets.UTF_8);
    PartCodec.PartKey part = PartCodec.parsePartKey(name);
    return options.keys().test(part == null ? name : part.modelKey());
  }

  private void count(Assembly.Kind kind) {
    synchronized (changed) {
      switch (kind) {
        case COMPLETE -> complete++;
        case REMOVED -> removed++;
        case CORRUPT -> corrupt++;
        case OVER_LIMIT -> overLimit++;
        case STALE, PENDING -> skipped++;
        case OF_EARLIER_RUN -> ofEarlierRuns++;
        case WITHOUT_BASE -> withoutBase++;
      }
    }
  }

  private void tell(java.util.function.Consumer<ModelListener> news) {
    for (ModelListener listener : listeners) {
      try {
        news.accept(listener);
      } catch (RuntimeException e) { // a listener's fault is not the topic's
        LOG.error("listener {} failed", listener, e);
      }
    }
  }

  /** Stops reading; the models stay. */
  @Override
  public void close() {
    synchronized (changed) {
      if (closed) {
        return;
      }
      closed = true;
      changed.notifyAll();
    }
    follower.stop();
    if (thread == null) {
      follower.close();
      return;
    }
    try {
      thread.join(Duration.ofSeconds(10).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
