package io.millrace.tests.seam;

import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import io.millrace.jobs.JobConfig;
import io.millrace.jobs.JobFamily;
import io.millrace.jobs.JobPlan;
import io.millrace.jobs.Setting;
import io.millrace.jobs.SettingTable;
import io.millrace.jobs.Settings;
import io.millrace.operators.handler.BlockSpec;
import io.millrace.operators.handler.Key;
import io.millrace.operators.handler.KeyHandler;
import io.millrace.operators.handler.StageContext;
import io.millrace.operators.ingress.EventKind;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.journal.Journal;
import io.millrace.operators.output.Channel;
import io.millrace.operators.output.OutRecord;
import io.millrace.operators.shell.Stage;
import io.millrace.schemas.AvroCursor;
import io.millrace.schemas.AvroSink;
import io.millrace.schemas.SingleObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/**
 * A family as somebody outside would add one, whole in this file. It counts pings, sends a pong for
 * each around a loop, counts those that come back, and at a ping's time plus a minute that it was
 * woken.
 */
final class Tally {
  // Its event kinds.
  static final EventKind PING =
      EventKind.of(
          200,
          parse(
              """
              {"type": "record", "name": "Ping", "namespace": "test", "fields": [
                {"name": "note", "type": "string"},
                {"name": "key", "type": "string"}]}
              """),
          "key");
  static final EventKind PONG =
      EventKind.of(
          201,
          parse(
              """
              {"type": "record", "name": "Pong", "namespace": "test", "fields": [
                {"name": "key", "type": "string"},
                {"name": "sequence", "type": "long"}]}
              """),
          "key");

  // Its settings, its one channel and its lists.
  private static final SettingTable TABLE = new SettingTable();
  static final Channel PONGS =
      new Channel(
          "pongs",
          Channel.Cleanup.DELETE,
          Channel.Delivery.AT_LEAST_ONCE,
          true,
          "Pong: a ping on its way around the loop");
  private static final Setting<String> PING_TOPIC = TABLE.topic("pings", "Holds Pings.");
  static final Setting<String> PONG_TOPIC = TABLE.topic(PONGS);
  static final JobFamily FAMILY =
      new JobFamily(
          "tally",
          List.of(TABLE),
          List.of(new JobFamily.Input(PING_TOPIC, true), new JobFamily.Input(PONG_TOPIC, true)),
          List.of(
              new JobFamily.Output(PONGS, PONG_TOPIC, null, true),
              new JobFamily.Output(Channel.DEAD_LETTERS, Settings.DEAD_LETTERS, null, true)),
          Plan::new);

  /** Its plan: one stage. */
  private static final class Plan extends JobPlan {
    Plan(JobConfig config) {
      super(config);
    }

    @Override
    public List<Stage> stages() {
      return List.of(
          new Stage("tally", Stage.KeyedBy.KEY, List.of(PING, PONG), List.of(PONGS), Handler::new));
    }
  }

  /** What tests see of the counts: pings, pongs, times woken. */
  static final Map<String, List<Long>> SEEN = new ConcurrentHashMap<>();

  private static final BlockSpec COUNTS =
      new BlockSpec(
          "counts",
          "tally",
          new StateSchema.Builder().block("n", StateSchema.Type.LONGS, 3).build(),
          new TreeMap<>());

  /** Its handler. */
  private record Handler(StageContext stage) implements KeyHandler {
    @Override
    public List<BlockSpec> blocks() {
      return List.of(COUNTS);
    }

    @Override
    public void handle(RoutedEvent event, Key key) {
      Journal journal = key.journal() == null ? key.begin(event.timestamp) : key.journal();
      LearnerState counts = key.write(0);
      long[] n = counts.longs("n");
      if (event.is(PING)) {
        stage.emit(PONGS, OutRecord.of(utf8(key.name()), pong(key.name(), ++n[0])));
        key.wakeAt(event.timestamp + 60_000);
      } else if (journal.origins().isNews("loop", sequence(event.value))) {
        n[1]++;
      }
      SEEN.put(key.name(), List.of(n[0], n[1], n[2]));
    }

    @Override
    public void wake(Key key, long time) {
      long[] n = key.write(0).longs("n");
      n[2]++;
      SEEN.put(key.name(), List.of(n[0], n[1], n[2]));
    }
  }

  private Tally() {}

  private static Schema parse(String json) {
    return new Schema.Parser().parse(json);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static AvroSink begin(EventKind kind) {
    return new AvroSink().header(SchemaNormalization.parsingFingerprint64(kind.schema()));
  }

  /** A ping as a producer writes it. */
  static byte[] ping(String key, String note) {
    return begin(PING).writeString(note).writeString(key).toByteArray();
  }

  private static byte[] pong(String key, long sequence) {
    return begin(PONG).writeString(key).writeLong(sequence).toByteArray();
  }

  private static long sequence(byte[] pong) {
    AvroCursor c = new AvroCursor().reset(pong, SingleObject.HEADER_BYTES, pong.length);
    c.readString();
    return c.readLong();
  }
}
