package io.millrace.operators.learner;

import io.millrace.core.state.BlockReader;
import io.millrace.core.state.BlockWriter;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateException;
import io.millrace.core.state.StateSchema;
import io.millrace.schemas.AvroCursor;
import io.millrace.schemas.AvroSink;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeMap;

/**
 * {@link KeyState} to bytes and back; the only place that knows the layout. Equal states give equal
 * bytes. One per thread.
 *
 * <p>Blocks, in this order; one that would be empty is left out:
 *
 * <pre>
 * algorithm   text      id
 * journal     longs     {@link JournalBlock}
 * sums        doubles   loss total, loss of the window
 * topics      bytes     strings
 * positions   longs     topic, partition, offset, ...
 * parent      text
 * overrides   bytes     (string, double) ...
 * origins     bytes     (string, long) ...
 * held        bytes     examples
 * pending     bytes     (string id, raw outputs, example) ...
 * recent      longs     window, then hashes, oldest first
 * .NAME       doubles   block NAME of the learner
 * </pre>
 *
 * Strings, bytes and numbers within a block of bytes are in Avro's encoding.
 */
public final class KeyStateCodec {
  /** Format this build writes. It reads 1 to this. */
  public static final int FORMAT = 1;

  private static final char LEARNER_BLOCK = '.';

  private final BlockWriter writer = new BlockWriter();
  private final BlockReader reader = new BlockReader();
  private final AvroSink sink = new AvroSink();
  private final AvroCursor cursor = new AvroCursor();
  private final long[] journal = new long[JournalBlock.LENGTH];
  private final double[] sums = new double[2];
  private final StateSchema today;
  private final String[] todayNames;
  private StateSchema other;
  private String[] otherNames = {};
  private long steps;

  /**
   * A codec.
   *
   * @param schema of the learner of today: blocks that fit it are read without further ado
   */
  public KeyStateCodec(StateSchema schema) {
    today = schema;
    todayNames = blockNames(schema);
  }

  /**
   * Encodes a state.
   *
   * @return how many bytes of {@link #array()} count
   */
  public int encode(KeyState s) {
    writer.begin(FORMAT).text("algorithm", s.algorithm);
    JournalBlock.put(s, journal);
    writer.longs("journal", journal, journal.length);
    sums[0] = s.total.lossSum;
    sums[1] = s.window.lossSum;
    writer.doubles("sums", sums, 2);
    putTopics(s);
    if (!s.parent.isEmpty()) {
      writer.text("parent", s.parent);
    }
    if (s.overrides != null) {
      sink.clear();
      s.overrides.forEach((name, v) -> sink.writeString(name).writeDouble(v));
      putSink("overrides");
    }
    if (s.origins != null) {
      sink.clear();
      s.origins.forEach((name, v) -> sink.writeString(name).writeLong(v));
      putSink("origins");
    }
    if (s.heldCount() > 0) {
      sink.clear();
      s.held.forEach(e -> ExampleBlock.put(sink, e));
      putSink("held");
    }
    if (s.pendingCount() > 0) {
      sink.clear();
      s.pending.forEach((id, e) -> ExampleBlock.putPending(sink, id, e));
      putSink("pending");
    }
    if (s.recent != null) {
      long[] hashes = s.recent.hashes();
      long[] block = new long[hashes.length + 1];
      block[0] = s.recent.window();
      System.arraycopy(hashes, 0, block, 1, hashes.length);
      writer.longs("recent", block, block.length);
    }
    StateSchema blocks = s.learner.schema();
    for (int i = 0; i < blocks.size(); i++) {
      double[] values = s.learner.block(i);
      String name = blocks == today ? todayNames[i] : LEARNER_BLOCK + blocks.name(i);
      writer.doubles(name, values, values.length);
    }
    return writer.finish();
  }

  /** Encodes a state into an array of its own. */
  public byte[] toBytes(KeyState s) {
    int length = encode(s);
    return Arrays.copyOf(writer.array(), length);
  }

  /** Live array with the bytes of the last encoding. */
  public byte[] array() {
    return writer.array();
  }

  /**
   * Decodes a state. Blocks of the learner that do not fit the schema of today are kept as they
   * are; see {@link io.millrace.core.learn.OnlineLearner#upgrade}.
   *
   * @throws StateException if the bytes are damaged or of a newer format
   */
  public KeyState decode(byte[] bytes, int from, int length) {
    reader.open(bytes, from, length, "state of a key");
    requireFormat(reader.format());
    KeyState s = new KeyState();
    steps = 0;
    List<String> names = new ArrayList<>();
    List<double[]> blocks = new ArrayList<>();
    while (reader.next()) {
      String name = reader.name();
      if (!name.isEmpty() && name.charAt(0) == LEARNER_BLOCK) {
        names.add(name);
        blocks.add(reader.doubles());
      } else {
        take(name, s);
      }
    }
    s.learner = learnerState(names, blocks);
    s.learner.setSteps(steps);
    return s;
  }

  /** Refuses formats of other builds, naming found and supported. */
  public static void requireFormat(int format) {
    if (format < 1 || format > FORMAT) {
      throw new StateException(
          "state was written by format "
              + format
              + "; this build reads 1 to "
              + FORMAT
              + "; upgrade the job or restore an older savepoint");
    }
  }

  private void take(String name, KeyState s) {
    switch (name) {
      case "algorithm" -> s.algorithm = reader.text().intern();
      case "journal" -> steps = JournalBlock.take(reader.longs(), s);
      case "sums" -> {
        double[] d = reader.doubles();
        s.total.lossSum = d[0];
        s.window.lossSum = d[1];
      }
      case "topics" -> {
        for (cursor(); more(name); ) {
          s.topic(cursor.readString().intern());
        }
      }
      case "positions" -> {
        long[] p = reader.longs();
        for (int i = 0; i + 2 < p.length; i += 3) {
          s.covers((int) p[i], (int) p[i + 1], p[i + 2]);
        }
      }
      case "parent" -> s.parent = reader.text();
      case "overrides" -> {
        s.overrides = new TreeMap<>();
        for (cursor(); more(name); ) {
          s.overrides.put(cursor.readString(), cursor.readDouble());
        }
      }
      case "origins" -> {
        s.origins = new LinkedHashMap<>();
        for (cursor(); more(name); ) {
          s.origins.put(cursor.readString(), cursor.readLong());
        }
      }
      case "held" -> {
        s.held = new ArrayList<>();
        for (cursor(); more(name); ) {
          s.held.add(ExampleBlock.take(cursor));
        }
      }
      case "pending" -> {
        s.pending = new LinkedHashMap<>();
        for (cursor(); more(name); ) {
          s.pending.put(cursor.readString(), ExampleBlock.takePending(cursor));
        }
      }
      case "recent" -> {
        long[] block = reader.longs();
        long[] hashes = new long[block.length - 1];
        System.arraycopy(block, 1, hashes, 0, hashes.length);
        s.recent = IdWindow.of((int) block[0], hashes);
      }
      default -> {
        // Written by a build that knows more; nothing here depends on it.
      }
    }
  }

  private void putTopics(KeyState s) {
    sink.clear();
    for (int i = 0; i < s.topics(); i++) {
      sink.writeString(s.topicName(i));
    }
    putSink("topics");
    long[] p = new long[3 * s.positions()];
    for (int i = 0; i < s.positions(); i++) {
      p[3 * i] = s.positionTopic(i);
      p[3 * i + 1] = s.positionPartition(i);
      p[3 * i + 2] = s.positionOffset(i);
    }
    writer.longs("positions", p, p.length);
  }

  private void putSink(String name) {
    writer.bytes(name, sink.array(), sink.size());
  }

  private void cursor() {
    byte[] b = reader.bytes();
    cursor.reset(b, 0, b.length);
  }

  private boolean more(String block) {
    if (cursor.failed()) {
      throw new StateException(
          "block '" + block + "' of a key's state makes no sense; restore another savepoint");
    }
    return cursor.remaining() > 0;
  }

  private LearnerState learnerState(List<String> names, List<double[]> blocks) {
    if (fits(names, blocks, today, todayNames)) {
      return LearnerState.of(today, blocks);
    }
    if (other == null || !fits(names, blocks, other, otherNames)) {
      StateSchema.Builder found = new StateSchema.Builder();
      for (int i = 0; i < names.size(); i++) {
        found.block(names.get(i).substring(1), blocks.get(i).length);
      }
      other = found.build();
      otherNames = blockNames(other);
    }
    return LearnerState.of(other, blocks);
  }

  private static boolean fits(
      List<String> names, List<double[]> blocks, StateSchema schema, String[] blockNames) {
    if (names.size() != schema.size()) {
      return false;
    }
    for (int i = 0; i < names.size(); i++) {
      if (!names.get(i).equals(blockNames[i]) || blocks.get(i).length != schema.length(i)) {
        return false;
      }
    }
    return true;
  }

  private static String[] blockNames(StateSchema schema) {
    String[] names = new String[schema.size()];
    for (int i = 0; i < names.length; i++) {
      names[i] = (LEARNER_BLOCK + schema.name(i)).intern();
    }
    return names;
  }
}
