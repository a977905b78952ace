package io.millrace.jobs;

import io.millrace.core.ConfigException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Entry point of the job jar, for {@code flink run}, application mode and local runs: {@code
 * --config JOB.yaml}, or the path alone. A standalone application cluster needs the path alone: its
 * own parser takes {@code --config} for an abbreviation of {@code --configDir}.
 */
public final class Main {
  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  private Main() {}

  /**
   * Runs the job of a YAML.
   *
   * @throws ConfigException listing every fault of the settings
   */
  public static void main(String[] args) throws Exception {
    JobConfig config = JobConfig.read(path(args));
    LOG.info("settings:\n{}", config);
    LOG.info("{}", JobPlan.of(config).sizeOfKey());
    KafkaTopics.Prepared prepared = KafkaTopics.prepare(config);
    if (!prepared.created().isEmpty()) {
      LOG.info("topics created: {}", prepared.created());
    }
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    JobTopology.build(env, config, prepared.submission());
    env.execute(config.name());
  }

  /** The YAML that the arguments name. */
  static Path path(String[] args) {
    List<String> rest = new ArrayList<>(List.of(args));
    if (!rest.isEmpty() && rest.get(0).startsWith("--config=")) {
      rest.set(0, rest.get(0).substring("--config=".length()));
    } else if (!rest.isEmpty() && rest.get(0).equals("--config")) {
      rest.remove(0);
    }
    if (rest.size() != 1 || rest.get(0).startsWith("--")) {
      throw new ConfigException(
          "arguments = "
              + List.of(args)
              + "; must be the path of a job's YAML alone, or --config JOB.yaml");
    }
    return Path.of(rest.get(0));
  }
}
