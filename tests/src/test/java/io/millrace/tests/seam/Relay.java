package io.millrace.tests.seam;

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
import io.millrace.operators.output.Channel;
import io.millrace.operators.shell.Stage;
import io.millrace.schemas.AvroSink;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/** A family of two stages: tokens are counted by client, then handed on and counted by chain. */
final class Relay {
  /** A token carries both keys. */
  static final EventKind TOKEN = kind(210, "Token");

  /** A token that its client has counted; it never stands in a topic. */
  private static final EventKind COUNTED = kind(211, "Counted");

  private static final SettingTable TABLE = new SettingTable();
  private static final Setting<String> TOKENS = TABLE.topic("tokens", "Holds Tokens.");
  static final JobFamily FAMILY =
      new JobFamily(
          "relay",
          List.of(TABLE),
          List.of(new JobFamily.Input(TOKENS, true), new JobFamily.Input(Settings.CONTROL, false)),
          List.of(
              new JobFamily.Output(Channel.METRICS, Settings.METRICS, null, false),
              new JobFamily.Output(Channel.DEAD_LETTERS, Settings.DEAD_LETTERS, null, true)),
          Plan::new);

  private static final class Plan extends JobPlan {
    Plan(JobConfig config) {
      super(config);
    }

    @Override
    public List<Stage> stages() {
      return List.of(
          new Stage(
              "clients",
              Stage.KeyedBy.KEY,
              List.of(TOKEN, EventKind.CONTROL),
              List.of(),
              stage -> new Handler("client ", stage)),
          new Stage(
              "chains",
              Stage.KeyedBy.SECOND_KEY,
              List.of(COUNTED),
              List.of(),
              stage -> new Handler("chain ", stage)));
    }
  }

  /** What tests see of the counts. */
  static final Map<String, Long> SEEN = new ConcurrentHashMap<>();

  private record Handler(String prefix, StageContext stage) implements KeyHandler {
    @Override
    public List<BlockSpec> blocks() {
      return List.of(
          new BlockSpec(
              "count",
              "relay",
              new StateSchema.Builder().block("n", StateSchema.Type.LONGS, 1).build(),
              new TreeMap<>()));
    }

    @Override
    public void handle(RoutedEvent e, Key key) {
      if (key.journal() == null) {
        key.begin(e.timestamp);
      }
      SEEN.put(prefix + key.name(), ++key.write(0).longs("n")[0]);
      if (e.is(TOKEN)) {
        stage.forward(e.as(COUNTED));
      }
    }
  }

  private Relay() {}

  private static EventKind kind(int code, String name) {
    String json =
        """
        {"type": "record", "name": "%s", "namespace": "test", "fields": [
          {"name": "client", "type": "string"},
          {"name": "weight", "type": "double"},
          {"name": "chain", "type": "string"}]}
        """;
    Schema schema = new Schema.Parser().parse(json.formatted(name));
    return EventKind.of(code, schema, "client", "chain");
  }

  /** A token as a producer writes it. */
  static byte[] token(String client, String chain) {
    return new AvroSink()
        .header(SchemaNormalization.parsingFingerprint64(TOKEN.schema()))
        .writeString(client)
        .writeDouble(0.5)
        .writeString(chain)
        .toByteArray();
  }
}
