package io.millrace.cli.demo;

import io.millrace.cli.console.Count;
import io.millrace.cli.console.Output;
import io.millrace.client.KafkaAccess;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What became of the events of a demo, whatever the job learns.
 *
 * @param produced events sent, broken ones included
 * @param learned examples the newest models have learned from
 * @param unfinished examples that wait for their mini-batch to fill
 * @param deadLetters events the job could not use
 * @param snapshots published over all keys
 * @param newest version of each key
 * @param stages how long each took, by name; the family adds its own
 * @param startNanos when the broker began to start
 * @param kafka of the embedded broker
 * @param bootstrapServers of the embedded broker
 * @param webInterface of the Flink cluster
 * @param directory the demo works in
 */
record DemoFlow(
    long produced,
    long learned,
    long unfinished,
    List<Letter> deadLetters,
    long snapshots,
    Map<String, Long> newest,
    Map<String, Stage> stages,
    long startNanos,
    KafkaAccess kafka,
    String bootstrapServers,
    String webInterface,
    Path directory) {
  /** A dead letter: where the event stood, and why it could not be used. */
  record Letter(String at, String reason, String message) {}

  /** How long a stage took. */
  record Stage(long events, double seconds) {
    double perSecond() {
      return events / Math.max(1e-9, seconds);
    }

    /** Of a stage that has just ended. */
    static Stage since(long beginNanos, long events) {
      return new Stage(events, DemoFlow.seconds(beginNanos));
    }
  }

  static double seconds(long sinceNanos) {
    return (System.nanoTime() - sinceNanos) / 1e9;
  }

  /** Whether every event was learned from, waits to be, or is in the dead letters, none twice. */
  boolean complete() {
    return learned + unfinished + deadLetters.size() == produced;
  }

  /** The first fields of {@code --json}. */
  void counts(Map<String, Object> o) {
    o.put("eventsProduced", produced);
    o.put("eventsLearned", learned);
    o.put("eventsUnfinished", unfinished);
    o.put("eventsDeadLettered", deadLetters.size());
    o.put("snapshotsPublished", snapshots);
    o.put("newestVersion", newest);
  }

  /** The last fields of {@code --json}. */
  void rest(Map<String, Object> o, double seconds) {
    o.put("seconds", seconds);
    Map<String, Object> all = new LinkedHashMap<>();
    stages.forEach(
        (name, s) -> {
          Map<String, Object> stage = new LinkedHashMap<>();
          stage.put("events", s.events());
          stage.put("seconds", s.seconds());
          stage.put("eventsPerSecond", s.perSecond());
          all.put(name, stage);
        });
    o.put("stages", all);
    o.put(
        "deadLetters",
        deadLetters.stream()
            .map(
                d -> {
                  Map<String, Object> letter = new LinkedHashMap<>();
                  letter.put("at", d.at());
                  letter.put("reason", d.reason());
                  letter.put("message", d.message());
                  return letter;
                })
            .toList());
    o.put("bootstrapServers", bootstrapServers);
    o.put("webInterface", webInterface);
  }

  /** The same for people, before what the family has to say. */
  void printCounts(Output output) {
    output.say("");
    output.say("produced   %s", Count.of(produced, "event"));
    output.say(
        "learned    %,d, dead letters %d: %s",
        learned,
        deadLetters.size(),
        complete() ? "nothing lost, nothing doubled" : "NOT the events produced");
    for (Letter d : deadLetters) {
      output.say("           %-18s %s", d.reason(), d.message());
    }
    output.say("snapshots  %,d; newest version by key %s", snapshots, newest);
  }

  /** The same for people, behind what the family has to say. */
  void printRest(Output output, double seconds) {
    stages.forEach(
        (name, s) ->
            output.say(
                "%-10s %s in %.2f s, %,.0f/s",
                name, Count.of(s.events(), "event"), s.seconds(), s.perSecond()));
    output.say("everything %.1f s, in %s", seconds, directory);
  }
}
