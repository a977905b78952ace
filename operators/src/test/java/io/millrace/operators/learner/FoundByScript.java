package io.millrace.operators.learner;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.api.common.externalresource.ExternalResourceDriver;
import org.apache.flink.api.common.externalresource.ExternalResourceDriverFactory;
import org.apache.flink.api.common.externalresource.ExternalResourceInfo;
import org.apache.flink.configuration.Configuration;

/**
 * Devices that a discovery script names, as Flink's own driver for GPUs takes them: it is called
 * with their number and writes their indexes, with commas between them. Flink's driver is a plugin
 * of its distribution; its pom names a parent that Maven Central does not have.
 */
public final class FoundByScript implements ExternalResourceDriver {
  private static final String INDEX = "index";

  private final String script;

  private FoundByScript(String script) {
    this.script = script;
  }

  @Override
  public Set<? extends ExternalResourceInfo> retrieveResourceInfo(long amount) throws Exception {
    Process run = new ProcessBuilder(script, Long.toString(amount)).start();
    String said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (run.waitFor() != 0) {
      throw new IllegalStateException(script + " has ended with " + run.exitValue());
    }
    Set<Found> found = new LinkedHashSet<>();
    for (String index : said.strip().split(",")) {
      found.add(new Found(index));
    }
    return found;
  }

  private record Found(String index) implements ExternalResourceInfo {
    @Override
    public Optional<String> getProperty(String key) {
      return key.equals(INDEX) ? Optional.of(index) : Optional.empty();
    }

    @Override
    public Set<String> getKeys() {
      return Set.of(INDEX);
    }
  }

  /** Named in the configuration of a cluster. */
  public static final class Factory implements ExternalResourceDriverFactory {
    /** For {@link java.util.ServiceLoader}. */
    public Factory() {}

    @Override
    public ExternalResourceDriver createExternalResourceDriver(Configuration parameters) {
      return new FoundByScript(parameters.toMap().get("discovery-script.path"));
    }
  }
}
