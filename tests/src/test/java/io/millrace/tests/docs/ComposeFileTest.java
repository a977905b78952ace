package io.millrace.tests.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.broker.EmbeddedBroker;
import io.millrace.jobs.JobConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/**
 * docker-compose.yml runs what the tests run: the broker's settings, the JVM flags, a valid job.
 */
class ComposeFileTest {
  private static final Path ROOT = Path.of("..");

  private static JsonNode services() throws IOException {
    return read("docker-compose.yml", 0).get("services");
  }

  private static JsonNode read(String file, int document) throws IOException {
    try (var in = Files.newInputStream(ROOT.resolve(file))) {
      Object content = null;
      var documents = new Yaml().loadAll(in).iterator();
      for (int i = 0; i <= document; i++) {
        content = documents.next();
      }
      return new ObjectMapper().valueToTree(content);
    }
  }

  @Test
  void kafkaRunsWithTheSettingsOfTheTestBroker(@TempDir Path dir) throws Exception {
    Properties tested = new Properties();
    try (EmbeddedBroker broker = EmbeddedBroker.start(dir);
        var in = Files.newInputStream(dir.resolve("server.properties"))) {
      assertThat(broker.bootstrapServers()).isNotEmpty();
      tested.load(in);
    }
    JsonNode environment = services().get("kafka").get("environment");
    environment
        .fieldNames()
        .forEachRemaining(
            name -> {
              String key = name.substring("KAFKA_".length()).toLowerCase(Locale.ROOT);
              String property = key.replace('_', '.');
              if (property.contains("listener") || property.contains("voters")) {
                return; // addresses differ by nature
              }
              assertThat(environment.get(name).asText())
                  .as(name)
                  .isEqualTo(tested.getProperty(property));
            });
  }

  @Test
  void flinkRunsWithTheFlagsOfTheTests() throws IOException {
    for (String service : new String[] {"jobmanager", "taskmanager"}) {
      String properties =
          services().get(service).get("environment").get("FLINK_PROPERTIES").asText();
      assertThat(properties).contains(System.getProperty("millrace.jvm.flags"));
    }
  }

  @Test
  void jobsOfTheExamplesAreValid() throws IOException {
    assertThat(JobConfig.read(ROOT.resolve("docker/job.yaml")).inputTopics()).isNotEmpty();
    JsonNode manifest = read("docker/kubernetes/flink-deployment.yaml", 0);
    String job = manifest.get("data").get("job.yaml").asText();
    assertThat(JobConfig.parse(job).inputTopics()).isNotEmpty();
  }
}
