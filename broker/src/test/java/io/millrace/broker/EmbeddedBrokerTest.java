package io.millrace.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerTest {
  private static final TopicPartition PARTITION = new TopicPartition("events", 0);

  @Test
  void keepsRecordsAcrossKillAndRestartAndServesTransactions(@TempDir Path temp) throws Exception {
    Path dir = temp.resolve("mills, M\u00fchle"); // Kafka's log.dirs is a list with commas
    long pid;
    try (EmbeddedBroker broker = EmbeddedBroker.start(dir)) {
      String servers = broker.bootstrapServers();
      pid = broker.pid();
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
        admin.createTopics(List.of(new NewTopic("events", 1, (short) 1))).all().get();
      }
      produce(servers, "before");

      broker.kill();
      assertThat(broker.running()).isFalse();
      assertThat(ProcessHandle.of(pid).map(ProcessHandle::isAlive)).isNotEqualTo(Optional.of(true));
      broker.restart();

      assertThat(broker.bootstrapServers()).isEqualTo(servers);
      produce(servers, "after");
      assertThat(consume(servers, 2)).containsExactly("before", "after");
      pid = broker.pid();
    }
    assertThat(ProcessHandle.of(pid).map(ProcessHandle::isAlive)).isNotEqualTo(Optional.of(true));
    assertThat(dir.resolve("data")).isDirectory();

    int port = freePort();
    try (EmbeddedBroker broker = EmbeddedBroker.start(dir, port)) {
      assertThat(broker.bootstrapServers()).isEqualTo("127.0.0.1:" + port);
      assertThat(consume(broker.bootstrapServers(), 2)).containsExactly("before", "after");
    }
  }

  @Test
  void aTakenPortIsNamed(@TempDir Path dir) throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThatThrownBy(() -> EmbeddedBroker.start(dir, taken.getLocalPort()))
          .hasMessageContaining("port " + taken.getLocalPort() + ": ")
          .hasMessageContaining("choose another");
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  /** A terminal sends both to every process it has; the broker ends when it is told to. */
  @Test
  void outlivesCtrlCAndTheEndOfTheTerminal(@TempDir Path dir) throws Exception {
    Path log;
    try (EmbeddedBroker broker = EmbeddedBroker.start(dir)) {
      for (String signal : List.of("INT", "HUP")) {
        String[] kill = {"kill", "-" + signal, Long.toString(broker.pid())};
        assertThat(new ProcessBuilder(kill).inheritIO().start().waitFor()).isZero();
      }
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
        admin.createTopics(List.of(new NewTopic("events", 1, (short) 1))).all().get();
      }
      log = broker.log();
    }
    assertThat(log).content().doesNotContain("due to signal").contains("shut down");
  }

  @Test
  void saysWhereTheJarsAreLookedFor(@TempDir Path dir) {
    String before = System.getProperty(EmbeddedBroker.LIB_PROPERTY);
    System.setProperty(EmbeddedBroker.LIB_PROPERTY, dir.resolve("none").toString());
    try {
      assertThatThrownBy(() -> EmbeddedBroker.start(dir))
          .hasMessageContaining(dir.resolve("none").toString())
          .hasMessageContaining(EmbeddedBroker.LIB_PROPERTY);
    } finally {
      if (before == null) {
        System.clearProperty(EmbeddedBroker.LIB_PROPERTY);
      } else {
        System.setProperty(EmbeddedBroker.LIB_PROPERTY, before);
      }
    }
  }

  @Test
  void failsWithTheBrokersOwnWordsWhenItDoesNotComeUp(@TempDir Path dir) {
    assertThatThrownBy(() -> EmbeddedBroker.start(dir, Map.of("node.id", "no-number")))
        .hasMessageContaining("no-number");
  }

  private static void produce(String servers, String value) {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", servers, "transactional.id", "test"),
            new StringSerializer(),
            new StringSerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("events", value));
      producer.commitTransaction();
    }
  }

  private static List<String> consume(String servers, int count) {
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", servers, "isolation.level", "read_committed"),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(List.of(PARTITION));
      consumer.seekToBeginning(List.of(PARTITION));
      long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (values.size() < count && System.nanoTime() < deadline) {
        consumer.poll(Duration.ofMillis(200)).forEach(r -> values.add(r.value()));
      }
    }
    return values;
  }
}
