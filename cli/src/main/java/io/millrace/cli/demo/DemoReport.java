package io.millrace.cli.demo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the demo saw.
 *
 * @param rows taken of the stream: sent ones and held-back ones
 * @param produced events sent, broken ones included
 * @param learned examples the newest models have learned from
 * @param deadLetters events the job could not use
 * @param snapshots published over all keys
 * @param newest version of each key
 * @param loss progressive, mean over all events
 * @param accuracy progressive
 * @param holdOut rows held back
 * @param holdOutLoss mean logistic loss of the newest models on them
 * @param seconds from the start of the broker to the last score
 * @param stages by name
 * @param bootstrapServers of the embedded broker
 * @param webInterface of the Flink cluster
 */
public record DemoReport(
    int rows,
    long produced,
    long learned,
    List<Letter> deadLetters,
    long snapshots,
    Map<String, Long> newest,
    double loss,
    double accuracy,
    int holdOut,
    double holdOutLoss,
    double holdOutAccuracy,
    double seconds,
    Map<String, Stage> stages,
    String bootstrapServers,
    String webInterface) {
  /** A dead letter: where the event stood, and why it could not be used. */
  public record Letter(String at, String reason, String message) {}

  /** How long a stage took. */
  public record Stage(long events, double seconds) {
    double perSecond() {
      return events / Math.max(1e-9, seconds);
    }
  }

  /** Whether every event was learned from or is in the dead letters, none twice. */
  public boolean complete() {
    return learned + deadLetters.size() == produced;
  }

  /** As {@code --json} prints it. */
  public Map<String, Object> json() {
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("rows", rows);
    o.put("eventsProduced", produced);
    o.put("eventsLearned", learned);
    o.put("eventsDeadLettered", deadLetters.size());
    o.put("snapshotsPublished", snapshots);
    o.put("newestVersion", newest);
    o.put("progressiveLoss", loss);
    o.put("progressiveAccuracy", accuracy);
    o.put("holdOutRows", holdOut);
    o.put("holdOutLoss", holdOutLoss);
    o.put("holdOutAccuracy", holdOutAccuracy);
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
    return o;
  }
}
