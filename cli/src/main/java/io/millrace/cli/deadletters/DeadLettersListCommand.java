package io.millrace.cli.deadletters;

import io.millrace.cli.console.Count;
import io.millrace.cli.console.Output;
import io.millrace.client.DeadLetterReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where every rejected event came from and why it could not be used. */
@Command(
    name = "list",
    description = "Lists rejected events: where they came from and why they could not be used.",
    footerHeading = "%nExample:%n",
    footer = "  millrace dead-letters list --reason NOT_FINITE,BAD_LABEL --limit 20")
public final class DeadLettersListCommand implements Runnable {
  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "Print at most so many letters; all are counted. Default: ${DEFAULT-VALUE}.")
  private int limit;

  @Option(
      names = "--bytes",
      paramLabel = "N",
      defaultValue = "64",
      description = "Show so many of an event's original bytes. Default: ${DEFAULT-VALUE}.")
  private int mostBytes;

  @Mixin private DeadLetterTopic topic;
  @Mixin private Output output;

  @Override
  public void run() {
    Map<String, Long> byReason = new TreeMap<>();
    List<Map<String, Object>> shown = new ArrayList<>();
    long[] counts = new long[2];
    topic.read(
        e -> {
          counts[0]++;
          byReason.merge(e.letter().getReason().name(), 1L, Long::sum);
          if (shown.size() < limit) {
            shown.add(DeadLetterTopic.object(e, mostBytes));
            if (!output.json()) {
              print(e);
            }
          }
        },
        fault -> {
          counts[1]++;
          output.note("not a dead letter: %s", fault);
        });
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("topic", topic.name());
    o.put("count", counts[0]);
    o.put("unreadable", counts[1]);
    o.put("byReason", byReason);
    o.put("letters", shown);
    output.result(o);
    if (!output.json()) {
      output.say("%s in '%s' %s", Count.of(counts[0], "letter"), topic.name(), byReason);
    }
  }

  private void print(DeadLetterReader.Entry e) {
    // The message begins with the event's address.
    output.say("%-22s %s", e.letter().getReason(), e.letter().getMessage());
  }
}
