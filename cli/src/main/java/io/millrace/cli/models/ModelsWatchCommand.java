package io.millrace.cli.models;

import io.millrace.cli.console.Count;
import io.millrace.cli.console.Output;
import io.millrace.client.Model;
import io.millrace.client.ModelListener;
import io.millrace.client.ModelStore;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints every version as it arrives. Has no end of its own, so JSON comes as lines. */
@Command(
    name = "watch",
    description = {
      "Prints every version of a model, or of all, as it arrives, until Ctrl-C.",
      "With --json one object per version and line, because the output has no end."
    },
    footerHeading = "%nExample:%n",
    footer = "  millrace models watch nsw --count 10")
public final class ModelsWatchCommand implements Runnable {
  private static final Duration POLL = Duration.ofMillis(500);

  @Parameters(arity = "0..1", paramLabel = "KEY", description = "Model key. Default: all.")
  private String key;

  @Option(names = "--count", paramLabel = "N", description = "End after so many versions.")
  private Integer count;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "End after so many seconds, also if nothing came.")
  private Integer seconds;

  @Mixin private ModelTopic topic;
  @Mixin private Output output;

  @Override
  public void run() {
    long end = seconds == null ? Long.MAX_VALUE : System.nanoTime() + seconds * 1_000_000_000L;
    int[] seen = new int[1];
    try (ModelStore store = topic.open()) {
      store.addListener(
          new ModelListener() {
            @Override
            public void onModel(Model m) {
              if (wanted(m.key()) && (count == null || seen[0] < count)) {
                seen[0]++;
                print(m);
              }
            }

            @Override
            public void onNewRun(Model before, Model m) {
              if (wanted(m.key())) {
                output.note(
                    "model '%s' is of another run: incarnation %d after %d, which ended at version"
                        + " %d",
                    m.key(), m.incarnation(), before.incarnation(), before.version());
              }
            }

            @Override
            public void onRemoved(String removed) {
              if (wanted(removed)) {
                output.note("model '%s' was removed", removed);
              }
            }
          });
      while ((count == null || seen[0] < count)
          && (seconds == null || System.nanoTime() < end)
          && !Thread.currentThread().isInterrupted()) {
        store.poll(POLL);
      }
    }
  }

  private boolean wanted(String candidate) {
    return key == null || key.equals(candidate);
  }

  private void print(Model m) {
    Map<String, Object> o = ModelTopic.summary(m);
    if (output.json()) {
      output.line(o);
    } else {
      output.say(
          "%s version %d: %s, loss %s, accuracy %s, %s",
          m.key(),
          m.version(),
          Count.of(m.counters().getOrDefault("examples", 0L), "example"),
          ModelTopic.number(m.metrics().get("loss")),
          ModelTopic.number(m.metrics().get("accuracy")),
          m.eventTime());
    }
  }
}
