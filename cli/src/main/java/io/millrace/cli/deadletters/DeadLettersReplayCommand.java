package io.millrace.cli.deadletters;

import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.Progress;
import io.millrace.client.DeadLetterReader;
import io.millrace.schemas.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Writes rejected events back to the topics they came from, with their original bytes and key.
 *
 * <p>Never twice: what was replayed is remembered as committed offsets of the dead-letter topic,
 * one consumer group per reason (so that replaying one reason does not hide another), and records
 * and offsets are committed in one Kafka transaction. See {@link ReplayLedger}.
 */
@Command(
    name = "replay",
    description = {
      "Writes rejected events back to the topics they came from, each once: what was replayed is",
      "remembered in Kafka. A rejected item of a batch comes back as an event of its own."
    },
    footerHeading = "%nExample:%n",
    footer = "  millrace dead-letters replay --reason LABEL_WITHOUT_EXAMPLE --dry-run")
public final class DeadLettersReplayCommand implements Runnable {
  private static final int TRANSACTION = 500;
  private static final String HEADER = "millrace.replay-of";

  @Option(names = "--dry-run", description = "Say what would be written, write nothing.")
  private boolean dryRun;

  @Option(names = "--again", description = "Also those that were replayed before.")
  private boolean again;

  @Mixin private DeadLetterTopic topic;
  @Mixin private Output output;

  @Override
  public void run() {
    List<DeadLetterReader.Entry> due = new ArrayList<>();
    long[] skipped = new long[3];
    ReplayLedger ledger = ReplayLedger.load(topic.kafka(), topic.name());
    topic.read(
        e -> {
          if (!again && ledger.replayed(e)) {
            skipped[0]++;
          } else if (DeadLetterTopic.cut(e.letter())) {
            skipped[2]++;
            output.note(
                "%s was too large to be kept whole and cannot be written again: %s",
                DeadLetterReader.address(e.letter()), e.letter().getMessage());
          } else {
            due.add(e);
          }
        },
        fault -> {
          skipped[1]++;
          output.note("not a dead letter: %s", fault);
        });
    if (!dryRun && !due.isEmpty()) {
      send(due, ledger);
    }
    report(due, skipped);
  }

  private void send(List<DeadLetterReader.Entry> due, ReplayLedger ledger) {
    Map<String, Object> settings = topic.kafka().settings("millrace-replay");
    // One replay of a topic at a time: a second one fences the first.
    settings.put("transactional.id", "millrace-replay-" + topic.name());
    settings.put("enable.idempotence", "true");
    settings.put("acks", "all");
    settings.put("max.request.size", 64 << 20); // an event may be rejected for its size
    try (KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        Progress progress = new Progress(output, "replay", "events", due.size())) {
      producer.initTransactions();
      for (int from = 0; from < due.size(); from += TRANSACTION) {
        List<DeadLetterReader.Entry> part =
            due.subList(from, Math.min(due.size(), from + TRANSACTION));
        transaction(producer, part, ledger);
        progress.at(from + part.size(), "");
      }
    } catch (KafkaException e) {
      throw new CommandFailed(
          "replay stopped: "
              + e.getMessage()
              + "; what was written before is remembered: run the command again to go on",
          e);
    }
  }

  private static void transaction(
      KafkaProducer<byte[], byte[]> producer,
      List<DeadLetterReader.Entry> part,
      ReplayLedger ledger) {
    producer.beginTransaction();
    try {
      for (DeadLetterReader.Entry e : part) {
        DeadLetter d = e.letter();
        ProducerRecord<byte[], byte[]> record =
            new ProducerRecord<>(
                d.getTopic(),
                d.getPartition(), // where it stood; an order for all keys is for this partition's
                DeadLetterTopic.bytes(d.getRecordKey()),
                DeadLetterTopic.bytes(d.getValue()));
        record.headers().add(HEADER, DeadLetterReader.address(d).getBytes(StandardCharsets.UTF_8));
        producer.send(record);
      }
      ledger.commit(producer, part);
      producer.commitTransaction();
    } catch (KafkaException e) {
      producer.abortTransaction();
      throw e;
    }
  }

  private void report(List<DeadLetterReader.Entry> due, long[] skipped) {
    Map<String, Long> byReason = new TreeMap<>();
    Map<String, Long> byTopic = new TreeMap<>();
    for (DeadLetterReader.Entry e : due) {
      byReason.merge(e.letter().getReason().name(), 1L, Long::sum);
      byTopic.merge(e.letter().getTopic(), 1L, Long::sum);
      if (dryRun && !output.json()) {
        output.say(
            "would write %s again (%s)",
            DeadLetterReader.address(e.letter()), e.letter().getReason());
      }
    }
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("topic", topic.name());
    o.put("dryRun", dryRun);
    o.put("replayed", dryRun ? 0 : due.size());
    o.put("due", due.size());
    o.put("replayedBefore", skipped[0]);
    o.put("unreadable", skipped[1]);
    o.put("cut", skipped[2]);
    o.put("byReason", byReason);
    o.put("byTopic", byTopic);
    output.result(o);
    if (!output.json()) {
      output.say(
          "%s %,d events to %s; %,d were replayed before%s",
          dryRun ? "would write" : "wrote",
          due.size(),
          byTopic.keySet(),
          skipped[0],
          skipped[0] > 0 ? " (--again takes them too)" : "");
    }
  }
}
