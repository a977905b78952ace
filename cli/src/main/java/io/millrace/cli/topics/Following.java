package io.millrace.cli.topics;

import io.millrace.cli.console.KafkaOptions;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecordBase;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Mixin of commands that print records of a topic, of one key or all, and can go on reading. */
final class Following {
  private static final Duration POLL = Duration.ofMillis(500);

  @Parameters(arity = "0..1", paramLabel = "KEY", description = "Model key. Default: all.")
  private String key;

  @Option(
      names = {"-f", "--follow"},
      description = "Print what is written from now on, until Ctrl-C.")
  private boolean follow;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "With --follow: end after so many records.")
  private Integer count;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "With --follow: end after so many seconds, also if nothing came.")
  private Integer seconds;

  /** The key that was asked for, null: every one. */
  String key() {
    return key;
  }

  /** Whether records of a key were asked for. */
  boolean wants(String candidate) {
    return key == null || key.equals(candidate);
  }

  /** Whether that was asked for; a limit of it asks for it too. */
  boolean asked() {
    return follow || count != null || seconds != null;
  }

  /** The topic from its end if that was asked for, else from its beginning. */
  RecordFollower open(KafkaOptions kafka, String topic) {
    return asked()
        ? RecordFollower.fromEnd(kafka.settings("millrace-cli"), topic)
        : RecordFollower.fromBeginning(kafka.settings("millrace-cli"), topic);
  }

  /** Hands over what is there. */
  void all(RecordFollower records, Consumer<SpecificRecordBase> take) {
    do {
      records.poll(POLL, take);
    } while (!records.caughtUp());
  }

  /**
   * Hands over record by record until the end.
   *
   * @param show says whether the record counts
   */
  void each(RecordFollower records, Predicate<SpecificRecordBase> show) {
    long end = seconds == null ? Long.MAX_VALUE : System.nanoTime() + seconds * 1_000_000_000L;
    int[] shown = new int[1];
    while ((count == null || shown[0] < count)
        && (seconds == null || System.nanoTime() < end)
        && !Thread.currentThread().isInterrupted()) {
      records.poll(
          POLL,
          r -> {
            if ((count == null || shown[0] < count) && show.test(r)) {
              shown[0]++;
            }
          });
    }
  }
}
