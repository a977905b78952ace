package io.millrace.cli.deadletters;

import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.console.Count;
import io.millrace.cli.console.Kafka;
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
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Writes rejected events back to the topics they came from, with their original bytes, key and
 * timestamp, and with the headers of their records where their topics still hold these.
 *
 * <p>Never twice: what was replayed is remembered in a topic by reason (so that replaying one
 * reason does not hide another), and events and memory are committed in one Kafka transaction. See
 * {@link ReplayLedger}.
 */
@Command(
    name = "replay",
    description = {
      "Writes rejected events back to the topics they came from, each once.",
      "What was replayed is remembered in the topic TOPIC.replayed. A rejected item of a batch comes",
      "back as an event of its own. Every job that reads the topic takes the event, not only the one",
      "that refused it."
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

  @Option(
      names = "--to",
      paramLabel = "TOPIC",
      description =
          "Write to this topic, for instance one that only the job at fault reads. Default: where"
              + " each event came from.")
  private String to;

  @Mixin private DeadLetterTopic topic;
  @Mixin private Output output;

  private long replayedBefore;
  private long unreadable;
  private long cut;

  @Override
  public void run() {
    if (dryRun) {
      report(due(ReplayLedger.load(topic.kafka(), topic.name(), false)), 0);
      return;
    }
    Kafka.partitions(topic.kafka(), topic.name()); // a clear line if there is none
    Map<String, Object> settings = topic.kafka().settings("millrace-replay");
    // One replay of a topic at a time: a second one fences the first.
    settings.put("transactional.id", "millrace-replay-" + topic.name());
    settings.put("enable.idempotence", "true");
    settings.put("acks", "all");
    settings.put("max.request.size", 64 << 20); // an event may be rejected for its size
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions(); // before the ledger is read: nobody adds to it from here on
      ReplayLedger ledger = ReplayLedger.load(topic.kafka(), topic.name(), true);
      List<DeadLetterReader.Entry> due = due(ledger);
      report(due, send(producer, due, ledger));
    } catch (KafkaException e) {
      throw new CommandFailed(
          "replay stopped: "
              + e.getMessage()
              + "; what was written before is remembered: run the command again to go on",
          e);
    }
  }

  /** The letters to be written again. */
  private List<DeadLetterReader.Entry> due(ReplayLedger ledger) {
    List<DeadLetterReader.Entry> due = new ArrayList<>();
    topic.read(
        e -> {
          if (!again && ledger.replayed(e)) {
            replayedBefore++;
          } else if (DeadLetterTopic.cut(e.letter())) {
            cut++;
            output.note(
                "%s was too large to be kept whole and cannot be written again: %s",
                DeadLetterReader.address(e.letter()), e.letter().getMessage());
          } else {
            due.add(e);
          }
        },
        fault -> {
          unreadable++;
          output.note("not a dead letter: %s", fault);
        });
    return due;
  }

  /** Writes the letters' events; how many lost their headers, because their records are gone. */
  private int send(
      KafkaProducer<byte[], byte[]> producer,
      List<DeadLetterReader.Entry> due,
      ReplayLedger ledger) {
    int bare = 0;
    try (OriginalRecords originals = new OriginalRecords(topic.kafka());
        Progress progress = new Progress(output, "replay", "events", due.size())) {
      for (int from = 0; from < due.size(); from += TRANSACTION) {
        List<DeadLetterReader.Entry> part =
            due.subList(from, Math.min(due.size(), from + TRANSACTION));
        bare += transaction(producer, part, originals, ledger);
        progress.at(from + part.size(), "");
      }
    }
    return bare;
  }

  private int transaction(
      KafkaProducer<byte[], byte[]> producer,
      List<DeadLetterReader.Entry> part,
      OriginalRecords originals,
      ReplayLedger ledger) {
    int bare = 0;
    producer.beginTransaction();
    try {
      for (DeadLetterReader.Entry e : part) {
        DeadLetter d = e.letter();
        Headers headers = originals.headers(d);
        bare += headers == null ? 1 : 0;
        ProducerRecord<byte[], byte[]> record =
            new ProducerRecord<>(
                to == null ? d.getTopic() : to,
                to == null
                    ? d.getPartition()
                    : null, // an order for all is for its partition's keys
                timestamp(d),
                DeadLetterTopic.bytes(d.getRecordKey()),
                DeadLetterTopic.bytes(d.getValue()),
                headers);
        record.headers().remove(HEADER); // of an earlier replay
        record.headers().add(HEADER, DeadLetterReader.address(d).getBytes(StandardCharsets.UTF_8));
        producer.send(record);
      }
      ledger.commit(producer, part);
      producer.commitTransaction();
    } catch (KafkaException e) {
      producer.abortTransaction();
      throw e;
    }
    return bare;
  }

  /** The record's own: an event without a time of its own has this one. Null: it had none. */
  private static Long timestamp(DeadLetter d) {
    long millis = d.getTimestamp().toEpochMilli();
    return millis < 0 ? null : millis;
  }

  private void report(List<DeadLetterReader.Entry> due, int bare) {
    Map<String, Long> byReason = new TreeMap<>();
    Map<String, Long> byTopic = new TreeMap<>();
    for (DeadLetterReader.Entry e : due) {
      byReason.merge(e.letter().getReason().name(), 1L, Long::sum);
      byTopic.merge(to == null ? e.letter().getTopic() : to, 1L, Long::sum);
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
    o.put("replayedBefore", replayedBefore);
    o.put("unreadable", unreadable);
    o.put("cut", cut);
    o.put("withoutHeaders", bare);
    o.put("byReason", byReason);
    o.put("byTopic", byTopic);
    output.result(o);
    if (!output.json()) {
      output.say(
          "%s %s to %s; replayed before: %,d%s",
          dryRun ? "would write" : "wrote",
          Count.of(due.size(), "event"),
          byTopic.keySet(),
          replayedBefore,
          replayedBefore > 0 ? " (--again takes them too)" : "");
      if (bare > 0) {
        output.note("%,d without their headers: their topics no longer hold the records", bare);
      }
    }
  }
}
