package io.millrace.cli.dashboard;

import io.millrace.schemas.ArmCommand;
import io.millrace.schemas.ControlEcho;
import io.millrace.schemas.ControlOutcome;
import io.millrace.schemas.DType;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DecodeException;
import io.millrace.schemas.FederationStatus;
import io.millrace.schemas.GateDecision;
import io.millrace.schemas.Metric;
import io.millrace.schemas.ModelKeys;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.Tensor;
import io.millrace.schemas.Tensors;
import io.millrace.schemas.WatchEvent;
import io.millrace.schemas.WatchEventKind;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * All that the page shows, in bounded memory: the newest figures of every key, a {@link Series} of
 * each, sums over the last two hours, what happened, and the last dead letters. Records come in by
 * {@code accept}; views ask under the board's own lock. A revision counts up when something has
 * changed and {@link #tick} is called. Thread-safe.
 */
final class Board {
  /** Points of a key's series at most. */
  static final int MOST_POINTS = 1000;

  private static final int FEWEST_POINTS = 16;

  /** Numbers in all series together, 256 MiB; with very many keys each has fewer points. */
  private static final long MOST_CELLS = 32L << 20;

  private static final int MOST_HAPPENINGS = 200;
  private static final int GAPS = 64;

  /** Snapshots nearer than this are of one burst: a job that catches up publishes many. */
  private static final long BURST_MILLIS = 1000;

  /** Figures of which the newest are shown and no course. */
  private static final Pattern NEWEST_ONLY =
      Pattern.compile(".*Bin\\.\\d+\\.\\w+|feature\\..*|.*Recall\\..*");

  private final Map<String, KeyState> keys = new HashMap<>();
  private final Figures.Names names = new Figures.Names();
  private final Recent recent = new Recent();
  private final Letters letters = new Letters();
  private final Deque<Mark> happenings = new ArrayDeque<>();
  private final Map<String, String> faults = new TreeMap<>();
  private final long[] gaps = new long[GAPS];
  private int gapCount;
  private long cells;
  private long revision = 1;
  private long news;
  private long told;
  private long newestSnapshot;
  private long newestIncarnation;
  private long firstRecord;
  private String family = "";
  private String job = "";
  private Lag lag = Lag.unknown("not asked for yet");
  private Cluster cluster = Cluster.UNKNOWN;
  private final Map<String, Boolean> reading = new TreeMap<>();
  private boolean closed;

  /** Takes any record of the metrics topic, written at a time in milliseconds. */
  synchronized void accept(SpecificRecordBase record, long at) {
    if (record instanceof Metric m) {
      metric(m, at);
    } else if (record instanceof ControlEcho e) {
      echo(e, at);
    } else if (record instanceof GateDecision d) {
      decision(d, at);
    } else if (record instanceof FederationStatus s) {
      status(s, at);
    }
    news++;
  }

  private KeyState key(String key) {
    return keys.computeIfAbsent(key, KeyState::new);
  }

  private void metric(Metric m, long at) {
    KeyState k = key(m.getKey());
    if (m.getIncarnation() < k.incarnation) {
      return; // of a run that is over
    }
    if (firstRecord == 0 || m.getIncarnation() > newestIncarnation) {
      firstRecord = at;
    }
    newRun(k, m.getIncarnation(), at);
    k.changed = revision + 1;
    if (m.getEvent() != null) {
      drift(k, m.getEvent(), at, m.getCounters().getOrDefault("predicted", k.events));
      return;
    }
    Figures before = k.counters;
    if (m.getCounters().getOrDefault("predicted", 0L) < before.count("predicted")) {
      return; // comes again: the job was restored, and delivers at least once
    }
    k.counters = names.of(m.getCounters());
    k.values = names.of(m.getValues());
    k.eventTime = m.getEventTime().toEpochMilli();
    k.recordTime = Math.max(k.recordTime, at);
    long events = k.events;
    k.derive();
    recent.add(at, Recent.Sum.EVENTS, Math.max(0, k.events - events));
    recent.add(at, Recent.Sum.LEARNED, since(before, k.counters, "examples"));
    recent.add(at, Recent.Sum.ROLLBACKS, since(before, k.counters, "rollbacks"));
    double scored = since(before, k.counters, "scored");
    double windowLoss = k.values.get("windowLoss");
    if (scored > 0 && Double.isFinite(windowLoss)) {
      recent.add(at, Recent.Sum.LOSS, scored * windowLoss);
      recent.add(at, Recent.Sum.LOSS_WEIGHT, scored);
    }
    Map<String, Double> course = new HashMap<>(m.getValues());
    course.keySet().removeIf(name -> NEWEST_ONLY.matcher(name).matches());
    double pending = k.counters.get("pending");
    if (Double.isFinite(pending)) {
      course.put("pending", pending);
    }
    point(k, at, course);
  }

  private void point(KeyState k, long at, Map<String, Double> course) {
    long fair = MOST_CELLS / Math.max(1, keys.size()) / (course.size() + 3);
    int most = (int) Math.max(FEWEST_POINTS, Math.min(MOST_POINTS, fair));
    cells -= k.series.cells();
    k.series.add(at, k.events, course, most);
    cells += k.series.cells();
  }

  private static double since(Figures before, Figures now, String counter) {
    return Math.max(0, now.count(counter) - before.count(counter));
  }

  private void newRun(KeyState k, long incarnation, long at) {
    if (incarnation > k.incarnation) {
      if (k.incarnation != 0) {
        k.counters = Figures.NONE;
        k.events = 0;
        k.drifts = 0;
        cells -= k.series.cells();
        k.series = new Series(k.series.generation() + 1);
        cells += k.series.cells();
        k.mark(
            new Mark(at, 0, "run", k.key, "a new run began, without the state of the one before"));
      }
      k.incarnation = incarnation;
    }
    if (incarnation > newestIncarnation) {
      if (newestIncarnation != 0) {
        happen(
            new Mark(at, -1, "run", ModelKeys.ALL, "the job was started anew, without its state"));
      }
      newestIncarnation = incarnation;
    }
  }

  private void drift(KeyState k, WatchEvent e, long at, long events) {
    if (e.getKind() != WatchEventKind.DRIFT && e.getKind() != WatchEventKind.FEATURE_DRIFT) {
      return; // warnings come and go, and would push out what matters
    }
    k.drifts++;
    String what =
        e.getKind() == WatchEventKind.DRIFT ? "drift" : "drift of feature " + e.getFeature();
    String reaction =
        switch (e.getReaction()) {
          case "reset" -> "; the model began anew";
          case "boost" -> "; the learning rate was raised";
          case "begin" -> "; a model began to learn in the background";
          case "swap" -> "; the model in the background took its place";
          case "give-up" -> "; the model in the background was given up";
          default -> "";
        };
    tell(
        k,
        new Mark(
            at,
            events,
            "drift",
            k.key,
            String.format(
                Locale.ROOT,
                "%s (%s, %.3g against %.3g)%s",
                what,
                e.getDetector(),
                e.getStatistic(),
                e.getThreshold(),
                reaction)));
  }

  /** Six significant digits, without zeros at the end. */
  private static String number(double v) {
    return String.format(Locale.ROOT, "%.6g", v)
        .replaceFirst("(\\.\\d*?)0+(?=$|e)", "$1")
        .replaceFirst("\\.(?=$|e)", "");
  }

  private void tell(KeyState k, Mark m) {
    k.mark(m);
    k.changed = revision + 1;
    happen(m);
  }

  private void happen(Mark m) {
    if (happenings.size() == MOST_HAPPENINGS) {
      happenings.removeFirst();
    }
    happenings.addLast(m);
  }

  private void echo(ControlEcho e, long at) {
    job = e.getJob();
    String command =
        e.getArmCommand() == ArmCommand.UNKNOWN
            ? e.getCommand().name()
            : e.getArmCommand().name() + " arm";
    String value = command.equals("SET") ? " to " + number(e.getValue()) : "";
    String text =
        "order "
            + command.toLowerCase(Locale.ROOT)
            + (e.getName().isEmpty() ? "" : " " + e.getName())
            + value
            + (e.getOutcome() == ControlOutcome.TAKEN
                ? ""
                : ": " + e.getOutcome().name().toLowerCase(Locale.ROOT))
            + (e.getMessage().isEmpty() ? "" : ", " + e.getMessage())
            + (e.getOrigin().isEmpty() ? "" : " (" + e.getOrigin() + ")");
    KeyState k = keys.get(e.getKey());
    Mark m = new Mark(at, k == null ? -1 : k.events, "order", e.getKey(), text);
    if (k == null) {
      happen(m);
    } else {
      tell(k, m);
    }
  }

  private void decision(GateDecision d, long at) {
    KeyState k = key(d.getKey());
    String bounds =
        Double.isNaN(d.getGainLower())
            ? ""
            : String.format(Locale.ROOT, " in [%.3g, %.3g]", d.getGainLower(), d.getGainUpper());
    tell(
        k,
        new Mark(
            at,
            k.events,
            "gate",
            d.getKey(),
            String.format(
                Locale.ROOT,
                "candidate %s %s%s after %,d events, mean gain %.3g%s; %s serves, version %d",
                d.getCandidate(),
                d.getVerdict().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                d.getOrdered() ? " by order" : "",
                d.getEvents(),
                d.getGain(),
                bounds,
                d.getChampion(),
                d.getVersion())));
  }

  private void status(FederationStatus s, long at) {
    KeyState k = key(s.getKey());
    if (s.getIncarnation() < k.incarnation) {
      return;
    }
    newRun(k, s.getIncarnation(), at);
    String waiting = k.status == null ? "" : k.status.getWaiting();
    if (!s.getWaiting().equals(waiting)) {
      happen(
          new Mark(
              at,
              -1,
              "run",
              s.getKey(),
              s.getWaiting().isEmpty() ? "nobody is waited for any more" : s.getWaiting()));
    }
    k.status = s;
    k.recordTime = Math.max(k.recordTime, at);
    k.changed = revision + 1;
    Map<String, Double> course = new HashMap<>();
    course.put("rhat", s.getRhat());
    course.put("ess", s.getEss());
    point(k, at, course);
  }

  /** Takes a model that was published at a time in milliseconds. */
  synchronized void accept(ModelSnapshot s, long at) {
    KeyState k = key(s.getKey());
    if (s.getIncarnation() < k.modelIncarnation) {
      return;
    }
    newRun(k, s.getIncarnation(), at);
    Figures before = k.hyperparameters;
    boolean first = k.modelIncarnation != s.getIncarnation();
    k.modelIncarnation = s.getIncarnation();
    k.version = s.getVersion();
    k.modelTime = Math.max(k.modelTime, at);
    k.modelBytes = 0;
    k.dtype = "";
    for (Tensor t : s.getTensors()) {
      k.modelBytes += t.getData().remaining() + (t.getRows() == null ? 0 : t.getRows().remaining());
      if (k.dtype.isEmpty() && t.getDtype() != DType.UNKNOWN) {
        k.dtype = t.getDtype().name().toLowerCase(Locale.ROOT);
      }
    }
    k.family = s.getJob();
    family = s.getJob();
    k.algorithm = s.getProvenance().getAlgorithm();
    k.backend = s.getProvenance().getBackend();
    k.build = s.getProvenance().getBuild();
    k.seed = s.getProvenance().getSeed();
    k.controlEpoch = s.getProvenance().getControlEpoch();
    k.candidate = s.getConfig().getOrDefault("candidate", "");
    k.hyperparameters = names.of(s.getProvenance().getHyperparameters());
    k.doubt =
        "0".equals(s.getConfig().get("posterior.reliable"))
            ? s.getConfig().getOrDefault("posterior.reason", "not reliable")
            : "";
    if (!first) {
      changes(k, before, at);
    }
    if (k.counters == Figures.NONE) { // no metric record has come yet
      k.counters = names.of(s.getCounters());
      k.values = names.of(s.getMetrics());
      k.derive();
    }
    k.published(
        new KeyState.Version(
            s.getIncarnation(),
            s.getVersion(),
            at,
            k.modelBytes,
            s.getCounters().getOrDefault("examples", 0L),
            s.getMetrics().getOrDefault("loss", Double.NaN)));
    arms(k, s, at);
    k.changed = revision + 1;
    recent.add(at, Recent.Sum.SNAPSHOTS, 1);
    if (newestSnapshot != 0 && at - newestSnapshot >= BURST_MILLIS) {
      gaps[gapCount++ % GAPS] = at - newestSnapshot;
    }
    newestSnapshot = Math.max(newestSnapshot, at);
    news++;
  }

  private void changes(KeyState k, Figures before, long at) {
    Map<String, Double> old = before.map();
    k.hyperparameters
        .map()
        .forEach(
            (name, v) -> {
              Double was = old.get(name);
              if (was != null && !was.equals(v)) {
                tell(
                    k,
                    new Mark(
                        at,
                        k.events,
                        "setting",
                        k.key,
                        name + " " + number(was) + " -> " + number(v)));
              }
            });
  }

  /** The course of a tuner's probabilities, of its first arms. */
  private void arms(KeyState k, ModelSnapshot s, long at) {
    if (!s.getJob().equals("tune")) {
      return;
    }
    for (Tensor t : s.getTensors()) {
      if (t.getName().equals("probability")) {
        Map<String, Double> course = new TreeMap<>();
        double[] p;
        try {
          p = Tensors.doubles(t);
        } catch (DecodeException e) {
          fault("models", "model '" + k.key + "': " + e.getMessage());
          return;
        }
        for (int i = 0; i < Math.min(p.length, Series.MOST_COLUMNS / 2); i++) {
          course.put("probability." + s.getConfig().getOrDefault("arms." + i, "" + i), p[i]);
        }
        point(k, at, course);
      }
    }
  }

  /** A key's model is gone. */
  synchronized void removed(String key, long at) {
    KeyState k = keys.remove(key);
    if (k != null) {
      cells -= k.series.cells();
      happen(new Mark(at, -1, "run", key, "the key was forgotten: its model is gone"));
      news++;
    }
  }

  /** Takes a dead letter. */
  synchronized void accept(DeadLetter letter, long at) {
    letters.add(at, letter);
    recent.add(at, Recent.Sum.REFUSED, 1);
    KeyState k = letter.getModelKey() == null ? null : keys.get(letter.getModelKey());
    if (k != null) {
      k.changed = revision + 1;
    }
    news++;
  }

  /** What is wrong with the reading of a topic; null: nothing is any more. */
  synchronized void fault(String topic, String text) {
    if (text == null ? faults.remove(topic) != null : !text.equals(faults.put(topic, text))) {
      news++;
    }
  }

  /** Whether everything that was in a topic at the start has been read. */
  synchronized void caughtUp(String topic, boolean all) {
    if (!Boolean.valueOf(all).equals(reading.put(topic, all))) {
      news++;
    }
  }

  /** How far the job is behind its input. */
  synchronized void lag(Lag now) {
    lag = now;
    news++;
  }

  /** How the cluster does. */
  synchronized void cluster(Cluster now) {
    cluster = now;
    news++;
  }

  /** The job's name, where the one who looks knows it. */
  synchronized void job(String name) {
    job = name;
  }

  /** Makes a revision of what has come since the last one, and wakes who waits for it. */
  synchronized void tick() {
    if (news != told) {
      told = news;
      revision++;
      notifyAll();
    }
  }

  /**
   * Waits for a revision after another.
   *
   * @return the newest one, which is the same if none came in time
   */
  synchronized long await(long after, long millis) throws InterruptedException {
    long end = System.nanoTime() + millis * 1_000_000;
    while (revision <= after && !closed) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        break;
      }
      wait(left);
    }
    return revision;
  }

  /** Ends all waiting. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  synchronized boolean isClosed() {
    return closed;
  }

  // What follows is for views, which hold the lock.

  long revision() {
    return revision;
  }

  Collection<KeyState> keys() {
    return keys.values();
  }

  KeyState find(String key) {
    return keys.get(key);
  }

  Recent recent() {
    return recent;
  }

  Letters letters() {
    return letters;
  }

  Deque<Mark> happenings() {
    return happenings;
  }

  Map<String, String> faults() {
    return faults;
  }

  Lag lag() {
    return lag;
  }

  Cluster cluster() {
    return cluster;
  }

  long newestSnapshot() {
    return newestSnapshot;
  }

  /** Median time between two bursts of snapshots of any keys; -1: not known yet. */
  long usualGap() {
    int n = Math.min(gapCount, GAPS);
    if (n == 0) {
      return -1;
    }
    long[] sorted = Arrays.copyOf(gaps, n);
    Arrays.sort(sorted);
    return sorted[n / 2];
  }

  /** What stands above the tiles. */
  Map<String, Object> head(About about) {
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("job", job);
    o.put("family", family);
    o.put("servers", about.servers());
    o.put("control", about.control());
    o.put("since", firstRecord);
    o.put("incarnation", newestIncarnation);
    o.put("keys", keys.size());
    o.put("letters", letters.count());
    o.put("cells", cells);
    o.put("faults", faults);
    o.put("reading", reading.containsValue(false));
    return o;
  }
}
