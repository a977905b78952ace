package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.ConfigException;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

/** A wrong password read "Kafka does not answer, start it". */
class KafkaReplyTest {
  private static String explain(Exception cause, Map<String, String> settings) {
    return KafkaReply.explain("kafka:9093", settings, new ExecutionException(cause));
  }

  @Test
  void eachCauseHasItsRemedy() {
    assertThat(explain(new SaslAuthenticationException("bad password"), Map.of()))
        .isEqualTo(
            "Kafka at kafka:9093 does not take the credentials (bad password); mend user,"
                + " password or certificate in the Kafka properties");
    assertThat(explain(new TopicAuthorizationException("no READ"), Map.of()))
        .contains("does not allow it (no READ); give the user the right");
    assertThat(explain(new TimeoutException("16 s"), Map.of()))
        .contains("does not answer (16 s)", "set security.protocol in the Kafka properties if");
    assertThat(explain(new TimeoutException("16 s"), Map.of("security.protocol", "SSL")))
        .contains("see that security.protocol is that of the listener");
  }

  @Test
  void whereNobodyAnswersALookSaysSoAndASubmissionFails() {
    JobConfig config =
        JobConfig.parse(
            """
            kafka: {bootstrap-servers: "localhost:1", properties: {request.timeout.ms: 300, default.api.timeout.ms: 300}}
            features: {dimension: 3}
            """);
    KafkaTopics.Look look = KafkaTopics.look(config);
    assertThat(look.answered()).isFalse();
    assertThat(look.notes()).singleElement().asString().contains("localhost:1 does not answer");
    assertThatThrownBy(() -> KafkaTopics.prepare(config))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("kafka.bootstrap-servers: Kafka at localhost:1 does not answer");
    JobConfig nowhere =
        JobConfig.parse(
            """
            kafka: {bootstrap-servers: "no-such-host.invalid:9092"}
            features: {dimension: 3}
            """);
    assertThat(KafkaTopics.look(nowhere).answered()).isFalse();
    assertThatThrownBy(() -> KafkaTopics.prepare(nowhere))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no-such-host.invalid:9092 cannot be asked");
  }
}
