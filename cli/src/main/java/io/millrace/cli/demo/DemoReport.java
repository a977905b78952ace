package io.millrace.cli.demo;

import io.millrace.cli.console.Output;
import java.util.List;
import java.util.Map;

/** What the demo of a job family saw. */
public interface DemoReport {
  /** Whether it went as it should: no event lost or doubled, and models worth having. */
  boolean good();

  /** As {@code --json} prints it. */
  Map<String, Object> json();

  /** The same for people. */
  void print(Output output);

  /** A key of a model, for commands to go on with. */
  String key();

  /** Commands to go on with, without the address. */
  default List<String> next() {
    return List.of("models list", "models show " + key(), "models watch", "dead-letters list");
  }

  /** Address of the embedded broker. */
  String bootstrapServers();

  /** File name of the job's YAML in the work directory. */
  String yaml();
}
