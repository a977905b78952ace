package io.millrace.cli.bench;

import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.console.Output;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * One benchmark of {@code millrace bench}. Found by {@link java.util.ServiceLoader}, so that the
 * command line does not depend on the peers it is measured against.
 */
public interface Benchmark {
  /** What the user types. */
  String name();

  /** One line. */
  String description();

  /** What {@code --set} may change, with defaults. */
  Map<String, Long> settings();

  /**
   * Measures, prints human text through the run's output, and returns the figures.
   *
   * @throws io.millrace.cli.console.CommandFailed if it cannot be measured here
   */
  Map<String, Object> run(Run run) throws IOException, InterruptedException;

  /**
   * What a benchmark is given.
   *
   * @param output for human text
   * @param workDir a directory for files of this run; exists
   * @param settings a value for every name of {@link #settings()}
   */
  record Run(Output output, Path workDir, Map<String, Long> settings) {
    /** Value of a setting that must fit an int. */
    public int count(String name) {
      return Math.toIntExact(settings.get(name));
    }

    /**
     * Refuses 0 for settings of which there must be some.
     *
     * @throws CommandFailed naming the first that is 0
     */
    public void requirePositive(String... names) {
      for (String name : names) {
        if (settings.get(name) == 0) {
          throw new CommandFailed("--set " + name + "=0; must be at least 1");
        }
      }
    }
  }
}
