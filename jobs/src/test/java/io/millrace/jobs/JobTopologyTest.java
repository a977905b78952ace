package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.operators.output.Channel;
import io.millrace.operators.output.OutRecord;
import io.millrace.operators.shell.StageFailure;
import io.millrace.operators.shell.Submission;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;

class JobTopologyTest {
  private static final String YAML =
      """
      name: wiring
      kafka: {bootstrap-servers: "localhost:9092"}
      features: {dimension: 3}
      predictions: {enabled: true}
      parallelism: 2
      max-parallelism: 64
      """;

  /** A uid is forever: a change here loses the state of every job in the field. */
  @Test
  void everyOperatorHasItsConstantUid() {
    Set<String> uids = new TreeSet<>();
    for (StreamNode node : graph(YAML).getStreamNodes()) {
      assertThat(node.getTransformationUID()).as(node.getOperatorName()).isNotNull();
      uids.add(node.getTransformationUID());
    }
    assertThat(uids)
        .contains(
            "source-events",
            "split",
            "learner",
            "sink-models",
            "sink-metrics",
            "sink-predictions",
            "sink-dead-letters");
  }

  @Test
  void parallelismIsTheConfiguredOneAndItsBoundIsFixed() {
    StreamGraph graph = graph(YAML);
    assertThat(graph.getStreamNodes()).allMatch(n -> n.getParallelism() == 2);
    assertThat(graph.getStreamNodes()).allMatch(n -> n.getMaxParallelism() == 64);
    assertThat(graph.getJobGraph().getNumberOfVertices()).isPositive();
  }

  /** A broadcast input of a vertex turns unaligned checkpoints off on all of its inputs. */
  @Test
  void barriersMayOvertakeRecordsOnEveryWayToAKey() {
    StreamGraph graph = graph(YAML + "checkpoint: {unaligned: true}\n");
    assertThat(graph.getCheckpointConfig().isUnalignedCheckpointsEnabled()).isTrue();
    StreamNode learner =
        graph.getStreamNodes().stream()
            .filter(n -> n.getOperatorName().equals("learner"))
            .findFirst()
            .orElseThrow();
    assertThat(learner.getInEdges()).isNotEmpty().allMatch(e -> e.supportsUnalignedCheckpoints());
  }

  @Test
  void aDictionaryJobHasTheSameTopologyWithCodesInPlaceOfPredictions() {
    String yaml =
        """
        job: dictionary
        kafka: {bootstrap-servers: "localhost:9092"}
        features: {dimension: 3}
        dictionary: {atoms: 2}
        """;
    assertThat(uids(yaml + "codes: {enabled: true}\n"))
        .containsExactlyElementsOf(
            uids(YAML).stream().map(u -> u.replace("predictions", "codes")).sorted().toList());
    assertThat(uids(yaml)).noneMatch(u -> u.contains("codes"));
  }

  /** A cluster's own choice of batch execution, and a wait that was most of the answer's time. */
  @Test
  void howTheJobIsExecutedIsItsOwnAffair() {
    Configuration cluster = new Configuration();
    cluster.set(ExecutionOptions.RUNTIME_MODE, RuntimeExecutionMode.BATCH);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(cluster);
    String yaml = YAML + "stop: latest\nrestart: {attempts: 7}\n";
    JobTopology.build(env, JobConfig.parse(yaml), new Submission(1, Map.of()));
    assertThat(env.getConfiguration().get(ExecutionOptions.RUNTIME_MODE))
        .isEqualTo(RuntimeExecutionMode.STREAMING);
    assertThat(
            env.getConfiguration()
                .get(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_ATTEMPTS))
        .isEqualTo(7);
    assertThat(env.getBufferTimeout()).as("somebody waits for predictions").isEqualTo(1);

    assertThat(JobTopology.bufferTimeout(JobConfig.parse(YAML.replace("true", "false"))))
        .hasMillis(100);
    String given = YAML + "execution: {buffer-timeout: 5ms}\n";
    assertThat(JobTopology.bufferTimeout(JobConfig.parse(given))).hasMillis(5);
  }

  @Test
  void barriersOvertakeLateWhereTheyAreToldTo() {
    StreamGraph graph = graph(YAML + "checkpoint: {unaligned: true, aligned-timeout: 5s}\n");
    assertThat(graph.getCheckpointConfig().getAlignedCheckpointTimeout()).hasSeconds(5);
  }

  /** Reset offsets were skipped records; partitions were looked for every five minutes. */
  @Test
  void theConsumerResetsNothingAndLooksForPartitions() {
    assertThat(consumer(YAML))
        .containsEntry("auto.offset.reset", "none")
        .containsEntry("isolation.level", "read_committed")
        .containsEntry("group.id", "millrace/wiring")
        .containsEntry("partition.discovery.interval.ms", "60000");
  }

  @Test
  void aRecordThatKafkaCannotTakeFailsForGood() {
    OutRecordSchema schema = new OutRecordSchema("codes", 1000);
    OutRecord record = OutRecord.of(new byte[10], new byte[990]);
    assertThatThrownBy(() -> schema.serialize(record, null, null))
        .isInstanceOf(StageFailure.class)
        .hasMessageContaining("topic 'codes': a record of 1128 bytes")
        .hasMessageContaining("max.request.size");
  }

  @Test
  void aKafkaPropertyOfTheJobGoesBeforeItsDefault() {
    assertThat(consumer(YAML)).containsEntry("receive.buffer.bytes", "-1");
    String own =
        YAML.replace(
            "9092\"}", "9092\", properties: {receive.buffer.bytes: 1048576, check.crcs: false}}");
    assertThat(consumer(own))
        .containsEntry("receive.buffer.bytes", "1048576")
        .containsEntry("check.crcs", "false");
  }

  private static Set<String> uids(String yaml) {
    Set<String> uids = new TreeSet<>();
    graph(yaml).getStreamNodes().forEach(n -> uids.add(n.getTransformationUID()));
    return uids;
  }

  @Test
  void outputsThatNobodyWantsHaveNoSink() {
    StreamGraph graph =
        graph(YAML.replace("enabled: true", "enabled: false") + "topics: {metrics: none}\n");
    List<String> names =
        graph.getStreamNodes().stream().map(StreamNode::getOperatorName).sorted().toList();
    assertThat(names).noneMatch(n -> n.contains("metrics") || n.contains("predictions"));
    assertThat(names).anyMatch(n -> n.contains("sink-models"));
  }

  @Test
  void aSiloHasASourceForEachKafkaAndSinksForWhatItWrites() {
    String yaml =
        """
        job: sample
        kafka: {bootstrap-servers: "localhost:9092", shared: {bootstrap-servers: "localhost:9093"}}
        features: {dimension: 3}
        chains: {step-size: 0.1}
        clients: {names: [a]}
        federation: {role: silo}
        """;
    assertThat(uids(yaml).stream().filter(u -> !u.startsWith("Sink Committer")))
        .containsExactly(
            "clients",
            "sink-dead-letters",
            "sink-draws",
            "source-events",
            "source-shared",
            "split");
    JobConfig config = JobConfig.parse(yaml);
    assertThat(JobTopology.consumer(config, config.clusters().get(1)))
        .containsEntry("bootstrap.servers", "localhost:9093")
        .containsEntry("isolation.level", "read_committed");
  }

  /** Kafka's own wait for more records was half of a chain's round trip. */
  @Test
  void whatSomebodyWaitsForIsSentAtOnceUnlessTheJobSaysOtherwise() {
    KafkaCluster kafka = KafkaCluster.of("kafka", "localhost:9092", Map.of(), Set.of());
    Channel waited =
        new Channel("w", Channel.Cleanup.DELETE, Channel.Delivery.AT_LEAST_ONCE, false, "doc");
    assertThat(JobTopology.producer(kafka, waited)).containsEntry("linger.ms", "0");
    assertThat(JobTopology.producer(kafka, Channel.MODELS)).doesNotContainKey("linger.ms");
    KafkaCluster lingering =
        KafkaCluster.of("kafka", "localhost:9092", Map.of("linger.ms", "7"), Set.of());
    assertThat(JobTopology.producer(lingering, waited)).containsEntry("linger.ms", "7");
  }

  private static StreamGraph graph(String yaml) {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment();
    JobTopology.build(env, JobConfig.parse(yaml), new Submission(1, Map.of()));
    return env.getStreamGraph();
  }

  private static Properties consumer(String yaml) {
    JobConfig config = JobConfig.parse(yaml);
    return JobTopology.consumer(config, config.clusters().get(0));
  }
}
