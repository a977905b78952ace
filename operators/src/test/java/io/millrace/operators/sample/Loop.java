package io.millrace.operators.sample;

import io.millrace.core.features.Rows;
import io.millrace.operators.handler.Key;
import io.millrace.operators.handler.KeyHandler;
import io.millrace.operators.handler.ListStage;
import io.millrace.operators.handler.MapStorage;
import io.millrace.operators.ingress.EventKind;
import io.millrace.operators.ingress.EventRouter;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.ingress.RouterOptions;
import io.millrace.operators.output.Channel;
import io.millrace.schemas.ChainDraws;
import io.millrace.schemas.ChainToken;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DecodeException;
import io.millrace.schemas.DenseDoubles;
import io.millrace.schemas.Example;
import io.millrace.schemas.FederationStatus;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.SampleTick;
import io.millrace.schemas.SingleObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecordBase;

/** Both stages of a `sample` job and the topics between them, without Flink and Kafka. */
final class Loop {
  static final long TIME = 1_700_000_000_000L;

  private final EventRouter router =
      new EventRouter(
          new RouterOptions(
              Silos.TOPICS,
              List.of(
                  EventKind.EXAMPLE,
                  EventKind.EXAMPLE_BATCH,
                  EventKind.CHAIN_TOKEN,
                  EventKind.CHAIN_DRAWS,
                  EventKind.SURROGATE,
                  EventKind.SURROGATE_EPOCH,
                  EventKind.SAMPLE_TICK),
              1 << 20,
              256));

  /** A stage with the keys it has. */
  private static final class Part {
    final ListStage stage = new ListStage("sample", Silos.INCARNATION, Silos.TOPICS);
    final MapStorage storage;
    final KeyHandler handler;
    final Key key;

    Part(boolean live, java.util.function.Function<ListStage, KeyHandler> make) {
      storage = new MapStorage(live);
      handler = make.apply(stage);
      key = new Key(storage, handler.blocks(), j -> j.incarnation = Silos.INCARNATION);
    }

    void handle(RoutedEvent e) {
      storage.at(e.key);
      key.open(e.key);
      handler.handle(e, key);
      key.close();
    }
  }

  private final Part clients;
  private final Part posterior;
  private final Map<String, Deque<RoutedEvent>> chains = new TreeMap<>();
  private final Deque<RoutedEvent> draws = new ArrayDeque<>();
  private long offset;
  private long now = TIME;

  /** What both stages were given, in order. */
  final List<Object> toClients = new ArrayList<>();

  final List<Object> toRouter = new ArrayList<>();

  /** Clients that are not there. */
  final Set<String> deaf = new HashSet<>();

  /** How often each message is delivered. */
  int copies = 1;

  /** Every so many deliveries one of long ago comes again; 0: none does. */
  int echo;

  private final List<RoutedEvent> delivered = new ArrayList<>();

  /** State of a chain after each round, as text. */
  final Map<String, String> history = new TreeMap<>();

  /** Noise ratio at the end of each round, -1 where it was not measured. */
  final Map<String, Double> noise = new TreeMap<>();

  final List<ChainToken> tokens = new ArrayList<>();
  final List<ChainDraws> answers = new ArrayList<>();
  final List<FederationStatus> statuses = new ArrayList<>();
  final List<ModelSnapshot> models = new ArrayList<>();
  final List<DeadLetter> letters = new ArrayList<>();

  Loop(SampleOptions options) {
    this(options, true);
  }

  Loop(SampleOptions options, boolean live) {
    clients = new Part(live, s -> new ClientHandler(options, s));
    posterior = new Part(live, s -> new RouterHandler(options, s));
  }

  private static SpecificRecordBase decode(byte[] value) {
    try {
      return SingleObject.standard().decode(value);
    } catch (DecodeException e) {
      throw new IllegalStateException(e);
    }
  }

  RoutedEvent event(int topic, byte[] key, byte[] value) {
    return router.route(topic, 0, offset++, now, key, value);
  }

  RoutedEvent event(int topic, String key, SpecificRecordBase record) {
    return event(topic, key.getBytes(StandardCharsets.UTF_8), SingleObject.encode(record));
  }

  /** Rows of clients. */
  Loop rows(int from, int to, String... names) {
    for (String client : names) {
      for (int i = from; i < to; i++) {
        row(client, Silos.row(client, i));
      }
    }
    return this;
  }

  void row(String client, double... x) {
    row(client, null, x);
  }

  private void row(String client, Double label, double... x) {
    Example row =
        new Example(
            client,
            "",
            Instant.ofEpochMilli(now),
            1.0,
            label,
            new DenseDoubles(Arrays.stream(x).boxed().toList()));
    toClient(event(0, client, row));
  }

  /** A row of others, with its label where it has one. */
  void row(String client, Rows rows, int row) {
    double label = rows.label(row);
    row(
        client,
        Double.isNaN(label) ? null : label,
        Arrays.copyOfRange(rows.value(), rows.start(row), rows.end(row)));
  }

  void toClient(RoutedEvent e) {
    toClients.add(e);
    clients.handle(e);
    collect(clients);
  }

  void toRouter(RoutedEvent e) {
    toRouter.add(e);
    posterior.handle(e);
    collect(posterior);
  }

  private void collect(Part part) {
    for (ListStage.Emitted out : part.stage.emitted) {
      byte[] value = out.record().value;
      if (out.channel().equals(SampleChannels.CHAINS)) {
        RoutedEvent e = event(1, out.record().key, value);
        chains.computeIfAbsent(e.key, k -> new ArrayDeque<>()).add(e);
        if (decode(value) instanceof ChainToken token) {
          tokens.add(token);
        }
      } else if (out.channel().equals(SampleChannels.DRAWS)) {
        draws.add(event(2, out.record().key, value));
        if (decode(value) instanceof ChainDraws answer) {
          answers.add(answer);
          history.put(answer.getChain() + "@" + answer.getRound(), hex(answer.getState()));
          noise.put(answer.getChain() + "@" + answer.getRound(), answer.getNoiseRatio());
        }
      } else if (out.channel().equals(Channel.METRICS)) {
        statuses.add((FederationStatus) decode(value));
      } else if (out.channel().equals(Channel.MODELS)) {
        models.add((ModelSnapshot) decode(value));
      } else {
        letters.add((DeadLetter) decode(value));
      }
    }
    part.stage.emitted.clear();
  }

  static String hex(ByteBuffer bytes) {
    byte[] b = new byte[bytes.remaining()];
    bytes.duplicate().get(b);
    return HexFormat.of().formatHex(b);
  }

  /** The router gets what is there for it, and time goes on by so much. */
  Loop tick(long millis) {
    while (!draws.isEmpty()) {
      toRouter(draws.poll());
    }
    now += millis;
    toRouter(
        event(
            2,
            Silos.POSTERIOR,
            new SampleTick(Silos.POSTERIOR, Silos.INCARNATION, Instant.ofEpochMilli(now), 0L)));
    return this;
  }

  /** Somebody wants an epoch newer than one. */
  Loop want(long after) {
    SampleTick order =
        new SampleTick(Silos.POSTERIOR, Silos.INCARNATION, Instant.ofEpochMilli(0), after);
    toRouter(event(2, Silos.POSTERIOR, order));
    return this;
  }

  /** Delivers so many messages, or all there are. */
  Loop run(int messages) {
    for (int i = 0; i < messages; i++) {
      RoutedEvent e = next(i);
      if (e == null) {
        return this;
      }
      deliver(e);
      delivered.add(e);
      if (echo > 0 && delivered.size() % echo == 0) {
        deliver(delivered.get(delivered.size() / 3));
      }
    }
    return this;
  }

  private void deliver(RoutedEvent e) {
    for (int copy = 0; copy < copies; copy++) {
      if (e.topic == 1) {
        toClient(e);
      } else {
        toRouter(e);
      }
    }
  }

  private RoutedEvent next(int i) {
    Map<String, Deque<RoutedEvent>> there = new HashMap<>(chains);
    there.keySet().removeAll(deaf);
    there.values().removeIf(Deque::isEmpty);
    if (!draws.isEmpty() && (i % 2 == 0 || there.isEmpty())) {
      return draws.poll();
    }
    List<String> names = there.keySet().stream().sorted().toList();
    return names.isEmpty() ? draws.poll() : chains.get(names.get(i % names.size())).poll();
  }

  /** Largest round of which a chain has come back. */
  long rounds(int chain) {
    return answers.stream()
        .filter(a -> a.getChain().equals("chain-" + chain))
        .mapToLong(ChainDraws::getRound)
        .max()
        .orElse(0);
  }

  FederationStatus status() {
    return statuses.get(statuses.size() - 1);
  }

  ModelSnapshot model() {
    return models.get(models.size() - 1);
  }

  /** The history of both where both have one. */
  Map<String, String> shared(Loop other) {
    return history.entrySet().stream()
        .filter(e -> other.history.containsKey(e.getKey()))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** Keys of the router that have asked for an alarm. */
  Set<String> alarms() {
    return posterior.storage.alarms;
  }

  /** An alarm goes off. */
  void alarm(long time) {
    posterior.storage.at(Silos.POSTERIOR);
    posterior.key.open(Silos.POSTERIOR);
    posterior.handler.alarm(posterior.key, time);
    posterior.key.close();
    collect(posterior);
  }
}
