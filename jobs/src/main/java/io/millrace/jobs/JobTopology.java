package io.millrace.jobs;

import io.millrace.operators.ingress.ClockOptions;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.output.Channel;
import io.millrace.operators.output.OutRecord;
import io.millrace.operators.shell.Stage;
import io.millrace.operators.shell.StageStreams;
import io.millrace.operators.shell.Submission;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The one topology of all job families: a source over the input topics of each Kafka, the stages of
 * the family, a sink for each channel.
 */
public final class JobTopology {
  private static final String SOURCE = "source-events";
  private static final String SHARED_SOURCE = "source-shared";

  private JobTopology() {}

  /**
   * Puts a job into an environment; {@code env.execute(name)} runs it.
   *
   * @param submission what {@link KafkaTopics#prepare} has found out
   */
  public static void build(
      StreamExecutionEnvironment env, JobConfig config, Submission submission) {
    build(env, config, JobPlan.of(config).stages(), submission);
  }

  /** The same with stages of another plan than the family's, for benchmarks and tests. */
  public static void build(
      StreamExecutionEnvironment env, JobConfig config, List<Stage> stages, Submission submission) {
    configure(env, config);
    JobPlan plan = JobPlan.of(config);
    DataStream<RoutedEvent> events = null;
    for (KafkaCluster cluster : config.clusters()) {
      List<String> topics = config.inputTopics().stream().filter(cluster::holds).toList();
      if (topics.isEmpty()) {
        continue;
      }
      DataStream<RoutedEvent> read =
          env.fromSource(
                  source(config, cluster, topics, plan, stages, submission),
                  watermarks(config),
                  cluster.isOwn() ? "events" : "shared-events")
              .uid(cluster.isOwn() ? SOURCE : SHARED_SOURCE);
      events = events == null ? read : events.union(read);
    }
    Map<Channel, DataStream<OutRecord>> outputs =
        StageStreams.build(events, plan.options(submission), stages);
    for (JobFamily.Output output : config.outputs()) {
      DataStream<OutRecord> records = outputs.get(output.channel());
      if (records != null) {
        sink(records, config, output);
      }
    }
  }

  private static void configure(StreamExecutionEnvironment env, JobConfig config) {
    Configuration c = new Configuration();
    // Events have an order and state; what the cluster prefers is of no account.
    c.set(ExecutionOptions.RUNTIME_MODE, RuntimeExecutionMode.STREAMING);
    c.set(ExecutionOptions.BUFFER_TIMEOUT, bufferTimeout(config));
    c.set(PipelineOptions.GENERIC_TYPES, false);
    c.set(PipelineOptions.MAX_PARALLELISM, config.get(Settings.MAX_PARALLELISM));
    // RoutedEvent and OutRecord are immutable: operators of one chain may share them.
    c.set(PipelineOptions.OBJECT_REUSE, true);
    c.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, config.get(Settings.CHECKPOINT_INTERVAL));
    c.set(CheckpointingOptions.CHECKPOINTING_TIMEOUT, config.get(Settings.CHECKPOINT_TIMEOUT));
    c.set(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE, CheckpointingMode.EXACTLY_ONCE);
    c.set(CheckpointingOptions.ENABLE_UNALIGNED, config.get(Settings.UNALIGNED));
    if (config.get(Settings.ALIGNED_TIMEOUT) != null) {
      c.set(CheckpointingOptions.ALIGNED_CHECKPOINT_TIMEOUT, config.get(Settings.ALIGNED_TIMEOUT));
    }
    c.set(
        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    String directory = config.get(Settings.CHECKPOINT_DIRECTORY);
    if (directory != null) {
      c.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, directory);
      c.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
    }
    c.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, config.get(Settings.INCREMENTAL));
    c.set(StateBackendOptions.STATE_BACKEND, config.get(Settings.STATE_BACKEND));
    c.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
    c.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF,
        config.get(Settings.RESTART_DELAY));
    c.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF,
        config.get(Settings.RESTART_MAX_DELAY));
    if (config.get(Settings.RESTART_ATTEMPTS) != null) {
      c.set(
          RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_ATTEMPTS,
          config.get(Settings.RESTART_ATTEMPTS));
    }
    env.configure(c);
    if (config.get(Settings.PARALLELISM) != null) {
      env.setParallelism(config.get(Settings.PARALLELISM));
    }
  }

  /**
   * How long records wait for others: hardly at all where every event has an answer, because the
   * wait is most of the time that an answer takes.
   */
  static Duration bufferTimeout(JobConfig config) {
    Duration given = config.get(Settings.BUFFER_TIMEOUT);
    if (given != null) {
      return given;
    }
    boolean answers =
        config.outputs().stream()
            .anyMatch(
                output ->
                    output.enabled() != null
                        || output.channel().delivery() == Channel.Delivery.AT_LEAST_ONCE);
    return answers ? Duration.ofMillis(1) : Duration.ofMillis(100);
  }

  private static EventSource source(
      JobConfig config,
      KafkaCluster cluster,
      List<String> topics,
      JobPlan plan,
      List<Stage> stages,
      Submission submission) {
    Properties consumer = consumer(config, cluster);
    KafkaSourceBuilder<RoutedEvent> source =
        KafkaSource.<RoutedEvent>builder()
            .setTopics(topics)
            .setProperties(consumer)
            .setStartingOffsets(
                FirstOffsets.valueOf(config.get(Settings.START).toUpperCase(Locale.ROOT)))
            .setDeserializer(
                new RecordAdapter(
                    plan.router(),
                    config.family().id(),
                    submission.inputPartitions(),
                    plan.addressees()));
    if (config.get(Settings.STOP).equals("latest")) {
      source.setBounded(OffsetsInitializer.latest());
    }
    RestoredSplits restored =
        new RestoredSplits(
            Set.copyOf(topics),
            Set.copyOf(config.retiredTopics()),
            config.get(Settings.ON_LOST_OFFSETS).equals("fail"));
    ClockOptions clocks =
        new ClockOptions(plan.router().kinds(), plan.times(), Stage.timeStep(stages));
    return new EventSource(source.build(), restored, clocks, config.family().id(), consumer);
  }

  /** Settings of the consumer; what the job is given itself counts. */
  static Properties consumer(JobConfig config, KafkaCluster cluster) {
    Properties p = new Properties();
    // A fetch is larger than Kafka's own 64 KiB; left alone, the system sizes the buffer.
    p.setProperty("receive.buffer.bytes", "-1");
    p.putAll(cluster.settings());
    p.setProperty("group.id", config.id());
    p.setProperty("client.id.prefix", config.id() + "/events");
    p.setProperty("isolation.level", "read_committed");
    p.setProperty("auto.offset.reset", "none");
    Duration discovery = config.get(Settings.DISCOVERY);
    p.setProperty("partition.discovery.interval.ms", Long.toString(discovery.toMillis()));
    return p;
  }

  private static WatermarkStrategy<RoutedEvent> watermarks(JobConfig config) {
    return WatermarkStrategy.<RoutedEvent>forBoundedOutOfOrderness(config.get(Settings.LATENESS))
        .withIdleness(config.get(Settings.IDLENESS));
  }

  private static void sink(
      DataStream<OutRecord> records, JobConfig config, JobFamily.Output output) {
    Channel channel = output.channel();
    String id = config.id() + "/" + channel.uid();
    boolean exactly = channel.delivery() == Channel.Delivery.AS_CONFIGURED && config.exactlyOnce();
    String topic = config.topic(output.topic());
    KafkaCluster cluster = config.cluster(topic);
    Properties properties = producer(cluster, channel);
    properties.setProperty("client.id", id);
    if (exactly) {
      Duration timeout = config.get(Settings.TRANSACTION_TIMEOUT);
      properties.setProperty("transaction.timeout.ms", Long.toString(timeout.toMillis()));
    }
    KafkaSink<OutRecord> sink =
        KafkaSink.<OutRecord>builder()
            .setKafkaProducerConfig(properties)
            .setBootstrapServers(cluster.servers())
            .setDeliveryGuarantee(
                exactly ? DeliveryGuarantee.EXACTLY_ONCE : DeliveryGuarantee.AT_LEAST_ONCE)
            .setTransactionalIdPrefix(id)
            // Else every checkpoint leaves an id of its own with the broker, for a week.
            .setTransactionNamingStrategy(TransactionNamingStrategy.POOLING)
            .setRecordSerializer(new OutRecordSchema(topic, cluster.maxRequestBytes()))
            .build();
    records.sinkTo(new RecordSink(sink, exactly)).name(channel.uid()).uid(channel.uid());
  }

  /** Settings of the producer of a channel, apart from its ids. */
  static Properties producer(KafkaCluster cluster, Channel channel) {
    Properties p = new Properties();
    if (channel.delivery() == Channel.Delivery.AT_LEAST_ONCE) {
      // Somebody waits for each record: Kafka's own wait of 5 ms is on its way twice.
      p.setProperty("linger.ms", "0");
    }
    p.putAll(cluster.settings());
    return p;
  }
}
