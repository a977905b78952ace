package io.millrace.tests.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.Filter;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.ConfigurationFactory;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.SimpleMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** One warning of Flink's that means nothing is not logged, and every other is. */
class LogConfigurationTest {
  private static final Path ROOT = Path.of("..");
  private static final String CONTAINERS = "docker/log4j-console.properties";
  private static final String FLINKS_LOGGER = "org.apache.flink.metrics.MetricGroup";
  private static final String COLLISION =
      "Name collision: Group already contains a Metric with the name '%s'. Metric will not be"
          + " reported.[host, taskmanager]";

  @ParameterizedTest
  @ValueSource(strings = {CONTAINERS, "cli/src/main/resources/log4j2.xml"})
  void onlyTheWarningOfEveryCheckpointIsLeftOut(String file, @TempDir Path dir) {
    System.setProperty("log.file", dir.resolve("flink.log").toString());
    URI uri = ROOT.resolve(file).toAbsolutePath().toUri();
    try (LoggerContext context = new LoggerContext("of a test")) {
      Configuration configuration =
          ConfigurationFactory.getInstance().getConfiguration(context, "of a test", uri);
      configuration.initialize();
      assertThat(logged(configuration, String.format(COLLISION, "pendingCommittables"))).isFalse();
      assertThat(logged(configuration, String.format(COLLISION, "numRecordsOut"))).isTrue();
      assertThat(logged(configuration, "something else")).isTrue();
    } finally {
      System.clearProperty("log.file");
    }
  }

  private static boolean logged(Configuration configuration, String message) {
    LoggerConfig logger = configuration.getLoggerConfig(FLINKS_LOGGER);
    Log4jLogEvent event =
        Log4jLogEvent.newBuilder()
            .setLoggerName(FLINKS_LOGGER)
            .setLevel(Level.WARN)
            .setMessage(new SimpleMessage(message))
            .build();
    return logger.getLevel().isLessSpecificThan(Level.WARN)
        && (logger.getFilter() == null || logger.getFilter().filter(event) != Filter.Result.DENY);
  }

  @Test
  void theManifestOfKubernetesHasTheFileOfTheImage() throws Exception {
    try (var in = Files.newInputStream(ROOT.resolve("docker/kubernetes/flink-deployment.yaml"))) {
      Iterator<Object> documents = new Yaml().loadAll(in).iterator();
      documents.next();
      assertThat(
              new ObjectMapper()
                  .valueToTree(documents.next())
                  .at("/spec/logConfiguration/log4j-console.properties")
                  .asText())
          .isEqualTo(Files.readString(ROOT.resolve(CONTAINERS)));
    }
  }
}
