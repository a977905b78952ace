package io.millrace.tests.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.broker.EmbeddedBroker;
import io.millrace.cli.Millrace;
import io.millrace.jobs.JobConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/**
 * docker-compose.yml runs what the tests run: the broker's settings, Flink's own JVM flags, a valid
 * job.
 */
class ComposeFileTest {
  private static final Path ROOT = Path.of("..");

  /** Stands beside Flink's own flags; what takes their place is {@code env.java.opts.all}. */
  private static final String VECTORS = "env.java.opts.taskmanager";

  private static final String FLAG = "--add-modules=ALL-SYSTEM";
  private static final String KUBERNETES = "docker/kubernetes/flink-deployment.yaml";

  private static final String GPU = "docker/kubernetes/gpu-patch.yaml";

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
              if (property.matches(".*(listener|voters|log\\.dirs).*")) {
                return; // addresses and folders differ by nature
              }
              assertThat(environment.get(name).asText())
                  .as(name)
                  .isEqualTo(tested.getProperty(property));
            });
  }

  /** What sets these options takes away those that Flink's images ship, which every job needs. */
  @Test
  void flinkKeepsTheFlagsThatItShips() throws IOException {
    for (String service : new String[] {"jobmanager", "taskmanager", "taskmanager-gpu"}) {
      JsonNode properties = services().get(service).get("environment").get("FLINK_PROPERTIES");
      assertThat(properties.asText())
          .containsOnlyOnce("env.java.opts")
          .contains(VECTORS + ": " + FLAG);
    }
    JsonNode kubernetes = read(KUBERNETES, 1).get("spec").get("flinkConfiguration");
    assertThat(kubernetes.toString()).containsOnlyOnce("env.java.opts");
    assertThat(kubernetes.get(VECTORS).asText()).isEqualTo(FLAG);
  }

  /** One flag everywhere, and one that no JVM refuses. */
  @Test
  void launchersCarryTheFlagForVectorInstructions() throws IOException {
    assertThat(Files.readString(ROOT.resolve("millrace"))).contains("vectors=" + FLAG);
    assertThat(System.getProperty("millrace.jvm.flags").split(" ")).contains(FLAG);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "millrace",
        "pom.xml",
        "tests/pom.xml",
        "docker-compose.yml",
        "docker/Dockerfile",
        KUBERNETES,
        "README.md",
        "docs/operations.md"
      })
  void nobodyIsToldToTrustClassesByAFlag(String file) throws IOException {
    assertThat(Files.readString(ROOT.resolve(file))).doesNotContain("SERIALIZABLE_");
  }

  /** The image's user may write nowhere else that a volume can keep. */
  @Test
  void topicsOutliveTheContainers() throws IOException {
    JsonNode kafka = services().get("kafka");
    String folder = kafka.get("environment").get("KAFKA_LOG_DIRS").asText();
    assertThat(folder).isEqualTo("/var/lib/kafka/data");
    assertThat(kafka.get("volumes").get(0).asText()).isEqualTo("kafka-data:" + folder);
    assertThat(kafka.get("restart").asText()).isEqualTo("unless-stopped");
    assertThat(services().get("taskmanager").get("restart").asText()).isEqualTo("unless-stopped");
    // Without high availability a restarted job manager would begin a new run, with empty models.
    assertThat(services().get("jobmanager").has("restart")).isFalse();
  }

  /** The page has no password, so nobody but this machine may reach it. */
  @Test
  void thePageIsForThisMachineAlone() throws IOException {
    JsonNode page = services().get("dashboard");
    String[] command = page.get("command").asText().split(" ");
    assertThatCode(() -> Millrace.commandLine().parseArgs(command)).doesNotThrowAnyException();
    assertThat(page.get("ports")).hasSize(1);
    String port = page.get("ports").get(0).asText();
    assertThat(port).isEqualTo("127.0.0.1:8090:8090");
    assertThat(command).contains("8090", "0.0.0.0").doesNotContain("--control");
    assertThat(page.get("entrypoint").toString()).contains(Millrace.class.getName());
  }

  @Test
  void theManifestOfKubernetesHasWhatItsSettingsNeed() throws IOException {
    JsonNode spec = read(KUBERNETES, 1).get("spec");
    JsonNode container = spec.at("/podTemplate/spec/containers/0");
    String flink = spec.get("flinkConfiguration").toString();
    assertThat(flink).contains("s3://");
    assertThat(container.at("/env/0/name").asText()).isEqualTo("ENABLE_BUILT_IN_PLUGINS");
    String image = Files.readString(ROOT.resolve("docker/Dockerfile"));
    String version = image.replaceAll("(?s).*FROM flink:([0-9.]+)-.*", "$1");
    assertThat(container.at("/env/0/value").asText())
        .isEqualTo("flink-s3-fs-presto-" + version + ".jar");
    int port = container.at("/ports/0/containerPort").asInt();
    assertThat(spec.at("/flinkConfiguration/metrics.reporter.prometheus.port").asInt())
        .isEqualTo(port);
  }

  /** One who has no GPU starts none of this; one who has gets it beside all that others have. */
  @Test
  void theProfileForGpusHasWhatTheOtherTaskManagersHave() throws IOException {
    JsonNode plain = services().get("taskmanager");
    JsonNode gpu = services().get("taskmanager-gpu");
    assertThat(gpu.get("profiles").toString()).isEqualTo("[\"gpu\"]");
    assertThat(plain.has("profiles")).isFalse();
    for (String same : new String[] {"image", "command", "restart", "volumes", "depends_on"}) {
      assertThat(gpu.get(same)).as(same).isEqualTo(plain.get(same));
    }
    String lines = gpu.at("/environment/FLINK_PROPERTIES").asText();
    assertThat(lines).startsWith(plain.at("/environment/FLINK_PROPERTIES").asText());
    assertThat(gpu.at("/deploy/resources/reservations/devices/0/capabilities/0").asText())
        .isEqualTo("gpu");
    JsonNode patch = read(GPU, 0).at("/spec/flinkConfiguration");
    assertThat(patch.get("external-resource.gpu.kubernetes.config-key").asText())
        .isEqualTo("nvidia.com/gpu");
    String page = Files.readString(ROOT.resolve("docs/operations.md"));
    for (String key :
        new String[] {
          "external-resources",
          "external-resource.gpu.driver-factory.class",
          "external-resource.gpu.amount"
        }) {
      String line = key + ": " + patch.get(key).asText();
      assertThat(lines).contains(line + "\n");
      assertThat(page).contains(line);
    }
  }

  @Test
  void jobsOfTheExamplesAreValid() throws IOException {
    assertThat(JobConfig.read(ROOT.resolve("docker/job.yaml")).inputTopics()).isNotEmpty();
    JsonNode manifest = read(KUBERNETES, 0);
    String job = manifest.get("data").get("job.yaml").asText();
    assertThat(JobConfig.parse(job).inputTopics()).isNotEmpty();
  }
}
