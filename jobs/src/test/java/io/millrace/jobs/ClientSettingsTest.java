package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.ConfigException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All of these were accepted, and then the job restarted for ever or did something else. */
class ClientSettingsTest {
  private static JobConfig job(String properties, String more) {
    return JobConfig.parse(
        """
        kafka: {bootstrap-servers: "localhost:9092", properties: {%s}}
        features: {dimension: 3}
        %s
        """
            .formatted(properties, more),
        Map.of());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "acks: 1                                  | kafka.properties.acks = '1'; must be all",
        "enable.idempotence: false                | transactional.id",
        "max.in.flight.requests.per.connection: 10| max.in.flight.requests.per.connection",
        "partition.assignment.strategy: no.such.C | there is no class [no.such.C]",
        "metric.reporters: no.such.Reporter       | there is no class [no.such.Reporter]",
        "security.protocol: PLAIN                 | security.protocol",
        "request.timeout.ms: soon                 | request.timeout.ms",
        "max.request.size: much                   | max.request.size",
        "auto.offset.reset: none                  | the job sets it itself, start and on-lost-offsets",
        "isolation.level: read_uncommitted        | a job reads what is committed",
        "group.id: mine                           | made of topics.prefix and name",
        "transactional.id: mine                   | made of topics.prefix and name",
        "transaction.timeout.ms: 60000            | kafka.transaction-timeout",
        "bootstrap.servers: elsewhere:1           | kafka.bootstrap-servers",
        "enable.auto.commit: true                 | committed with checkpoints",
        "value.deserializer: a.B                  | records are bytes",
        "secuirty.protocol: SSL                   | did you mean 'security.protocol'?",
      })
  void whatCannotWorkIsAFault(String property, String says) {
    assertThatThrownBy(() -> job(property, ""))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("kafka.properties")
        .hasMessageContaining(says);
  }

  @Test
  void aFaultIsSaidOnceThoughThreeClientsFindIt() {
    assertThatThrownBy(() -> job("request.timeout.ms: soon, acks: 0", ""))
        .isInstanceOfSatisfying(
            ConfigException.class, e -> assertThat(e.faults()).as("%s", e.faults()).hasSize(2));
  }

  @Test
  void whatTheClientsTakeIsTaken() {
    JobConfig config =
        job(
            "acks: all, client.rack: r1, my.plugin.setting: 1, linger.ms: 5,"
                + " partition.assignment.strategy: org.apache.kafka.clients.consumer.RangeAssignor",
            "");
    assertThat(config.kafkaProperties()).containsEntry("my.plugin.setting", "1");
    assertThat(job("enable.idempotence: false", "delivery: at-least-once").get(Settings.DELIVERY))
        .isEqualTo("at-least-once");
  }
}
