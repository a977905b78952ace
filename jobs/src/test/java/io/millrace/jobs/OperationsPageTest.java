package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.ConfigException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.junit.jupiter.api.Test;

/** The examples of docs/operations.md are taken by a job, and by Kafka's own clients. */
class OperationsPageTest {
  private static final Map<String, String> SECRETS =
      Map.of("TRUSTSTORE_PASSWORD", "a", "KEYSTORE_PASSWORD", "b", "KAFKA_PASSWORD", "c\"d");

  private static String block(String language) throws IOException {
    List<String> found =
        Pattern.compile("(?ms)^```" + language + "\n(.*?)^```$")
            .matcher(Files.readString(Path.of("../docs/operations.md")))
            .results()
            .map(m -> m.group(1))
            .toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  @Test
  void theJobWithTlsAndAPasswordIsValid() throws Exception {
    JobConfig config = JobConfig.parse(block("yaml"), SECRETS);
    Map<String, String> kafka = config.kafkaProperties();
    assertThat(kafka).containsEntry("ssl.truststore.password", "a");
    assertThat(kafka.get("sasl.jaas.config")).endsWith("password=\"c\"d\";");
    assertThat(config.toString()).doesNotContain("c\"d");
    known(kafka);
  }

  @Test
  void thePropertiesWithACertificateAreThoseOfKafka() throws Exception {
    Properties file = new Properties();
    file.load(new StringReader(block("properties")));
    Map<String, String> kafka = new HashMap<>();
    List<String> faults = new ArrayList<>();
    for (String name : file.stringPropertyNames()) {
      kafka.put(name, new Variables(SECRETS).fill(name, file.getProperty(name), faults));
    }
    assertThat(faults).isEmpty();
    assertThat(kafka).containsEntry("ssl.key.password", "b");
    kafka.put("bootstrap.servers", "kafka.example.com:9093");
    known(kafka);
  }

  @Test
  void everySecretOfThePageComesFromTheEnvironment() throws Exception {
    for (String language : List.of("yaml", "properties")) {
      List<String> secrets =
          block(language).lines().filter(l -> l.matches(".*password[:=\"].*")).toList();
      assertThat(secrets).isNotEmpty().allMatch(l -> l.contains("${"));
    }
    assertThat(Pattern.compile("\\$\\{(\\w+)}").matcher(block("yaml")).results())
        .extracting((MatchResult m) -> m.group(1))
        .isSubsetOf(SECRETS.keySet());
  }

  /** Kafka knows every name and takes every value. */
  private static void known(Map<String, String> kafka) throws ConfigException {
    assertThat(AdminClientConfig.configNames()).containsAll(kafka.keySet());
    assertThat(new AdminClientConfig(new HashMap<>(kafka)).originals()).hasSize(kafka.size());
  }
}
