package io.millrace.cli.deadletters;

import io.millrace.cli.console.Kafka;
import io.millrace.cli.console.KafkaOptions;
import io.millrace.cli.console.Role;
import io.millrace.client.DeadLetterReader;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.Reason;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Mixin of the {@code dead-letters} commands: which topic, which letters. */
public final class DeadLetterTopic {
  private static final Pattern CUT =
      Pattern.compile("; cut to fit into a record of \\d+ bytes, the whole is at \\S+$");
  private static final Duration POLL = Duration.ofMillis(500);

  @Mixin private KafkaOptions kafka;

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      description = "Topic of dead letters. Default: that of --job, else PREFIX.dead-letters.")
  private String topic;

  @Option(
      names = "--reason",
      split = ",",
      paramLabel = "REASON",
      description = "Only letters with these reasons: ${COMPLETION-CANDIDATES}.")
  private Set<Reason> reasons = EnumSet.allOf(Reason.class);

  /** Name of the topic. */
  String name() {
    return kafka.topic(topic, Role.DEAD_LETTERS);
  }

  /** Which Kafka. */
  KafkaOptions kafka() {
    return kafka;
  }

  /** Passes on every letter that is in the topic now and has one of the reasons asked for. */
  void read(Consumer<DeadLetterReader.Entry> letters, Consumer<String> faults) {
    Kafka.partitions(kafka, name());
    try (DeadLetterReader reader =
        DeadLetterReader.open(kafka.access(), "millrace-dead-letters", name())) {
      do {
        for (DeadLetterReader.Entry e : reader.poll(POLL)) {
          if (e.letter() == null) {
            faults.accept(e.fault());
          } else if (reasons.contains(e.letter().getReason())) {
            letters.accept(e);
          }
        }
      } while (!reader.caughtUp());
    }
  }

  /** A letter as JSON; the original bytes in hexadecimal, cut where long. */
  static Map<String, Object> object(DeadLetterReader.Entry e, int mostBytes) {
    DeadLetter d = e.letter();
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("at", e.partition() + "@" + e.offset());
    o.put("topic", d.getTopic());
    o.put("partition", d.getPartition());
    o.put("offset", d.getOffset());
    o.put("index", d.getIndex());
    o.put("timestamp", d.getTimestamp().toString());
    o.put("reason", d.getReason().name());
    o.put("message", d.getMessage());
    o.put("job", d.getJob());
    o.put("modelKey", d.getModelKey());
    o.put("recordKey", d.getRecordKey() == null ? null : hex(d.getRecordKey(), mostBytes));
    o.put("bytes", d.getValue() == null ? 0 : d.getValue().remaining());
    o.put("value", d.getValue() == null ? null : hex(d.getValue(), mostBytes));
    return o;
  }

  private static String hex(ByteBuffer field, int most) {
    byte[] b = bytes(field);
    String shown = HexFormat.of().formatHex(b, 0, Math.min(most, b.length));
    return b.length > most ? shown + "..." : shown;
  }

  /** Whether only a part of the event's bytes is kept: so the job's message ends then. */
  static boolean cut(DeadLetter d) {
    return CUT.matcher(d.getMessage()).find();
  }

  /** The bytes of a field of a letter, or null. */
  static byte[] bytes(ByteBuffer field) {
    if (field == null) {
      return null;
    }
    byte[] b = new byte[field.remaining()];
    field.duplicate().get(b);
    return b;
  }
}
