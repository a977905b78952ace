package io.millrace.cli.dashboard;

import io.millrace.cli.console.Count;
import io.millrace.cli.dashboard.Tile.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The four answers of the first screen: do events come in, is it learning, is it good, is it fresh.
 */
final class Tiles {
  private static final long MINUTE = 60_000;
  private static final long TEN_MINUTES = 10 * MINUTE;
  private static final long HOUR = 60 * MINUTE;

  /** So much later than usual a snapshot may come before that is worth a look, in milliseconds. */
  private static final long LEAST_PATIENCE = 10_000;

  private final Board board;
  private final long now;
  private double predicted;
  private double learned;
  private double pending;
  private double lossSum;
  private double scored;
  private double skillSum;
  private double skillWeight;
  private int behind;
  private int judged;

  private Tiles(Board board, long now) {
    this.board = board;
    this.now = now;
    for (KeyState k : board.keys()) {
      predicted += k.events;
      learned += k.counters.count("examples");
      pending += k.counters.count("pending");
      double n = k.counters.count("scored");
      if (Double.isFinite(k.loss) && n > 0) {
        lossSum += n * k.loss;
        scored += n;
      }
      if (Double.isFinite(k.skill)) {
        judged++;
        behind += k.skill < 0 ? 1 : 0;
        skillSum += k.events * k.skill;
        skillWeight += k.events;
      }
    }
  }

  /**
   * The tiles at a time.
   *
   * @param board whose lock the caller holds
   * @param now in milliseconds
   */
  static List<Tile> of(Board board, long now) {
    Tiles t = new Tiles(board, now);
    return List.of(t.events(), t.learning(), t.quality(), t.output());
  }

  private static String text(String format, Object... args) {
    return String.format(Locale.ROOT, format, args);
  }

  private Tile events() {
    Recent r = board.recent();
    double perSecond = r.sum(Recent.Sum.EVENTS, now, MINUTE, 0) / 60;
    Lag lag = board.lag();
    List<String> lines = new ArrayList<>();
    lines.add(text("%,.0f events of %,d keys in all", predicted, board.keys().size()));
    if (lag.known()) {
      lines.add(Count.of(lag.records(), "record") + " not read yet");
      if (lag.oldest() > 0) {
        lines.add("the oldest of them has waited for " + duration(now - lag.oldest()));
      }
    } else {
      lines.add("records not read yet: not known, " + lag.why());
    }
    State state = State.GOOD;
    String word = perSecond > 0 ? "coming in" : "quiet";
    String todo = "";
    if (lag.known() && lag.standing() >= MINUTE) {
      state = State.BAD;
      word = "not read";
      todo = "see whether the job runs and checkpoints are complete";
    } else if (lag.known() && lag.growing() >= MINUTE) {
      state = State.WARN;
      word = "falling behind";
      todo = "more partitions and parallelism; docs/operations.md, \"Throughput\"";
    } else if (predicted == 0) {
      state = State.NONE;
      word = "none yet";
      todo =
          "write events: ./millrace produce; a figure comes after metrics.every-examples of a key";
    }
    double[] course = r.lastTenMinutes(Recent.Sum.EVENTS, now);
    for (int i = 0; i < course.length; i++) {
      course[i] /= Recent.SLOT_MILLIS / 1000.0;
    }
    return new Tile("Events", state, word, perSecond, "events/s", lines, todo, course);
  }

  private Tile learning() {
    Recent r = board.recent();
    double events = r.sum(Recent.Sum.EVENTS, now, TEN_MINUTES, 0);
    double refused = r.sum(Recent.Sum.REFUSED, now, TEN_MINUTES, 0);
    double rollbacks = r.sum(Recent.Sum.ROLLBACKS, now, TEN_MINUTES, 0);
    long letters = board.letters().count();
    double refusedShare = refused / Math.max(1, events + refused);
    double share = learned / Math.max(1, predicted + letters);
    List<String> lines = new ArrayList<>();
    lines.add(
        text(
            "%,.0f refused in the last 10 minutes (%s), %,d in all",
            refused,
            refusedShare > 0 && refusedShare < 1e-4
                ? "under 0.01 %"
                : text("%.2f %%", 100 * refusedShare),
            letters));
    lines.add(text("%,.0f wait for their label", pending));
    if (rollbacks > 0) {
      lines.add(text("%,.0f steps taken back in the last 10 minutes", rollbacks));
    }
    double[] course = r.lastTenMinutes(Recent.Sum.LEARNED, now);
    if (predicted == 0) {
      return new Tile(
          "Learning",
          State.NONE,
          "nothing yet",
          Double.NaN,
          "% learned",
          lines,
          letters > 0 ? "events are refused; see dead letters" : "",
          course);
    }
    State state = State.GOOD;
    String word = "learning";
    String todo = "";
    if (refusedShare > 0.1) {
      state = State.BAD;
      word = "refusing";
      todo = "see dead letters: the reason and the producer's address stand there";
    } else if (refusedShare > 0.01) {
      state = State.WARN;
      word = "refusing some";
      todo = "see dead letters";
    } else if (rollbacks > 0) {
      state = State.WARN;
      word = "taking steps back";
      todo = "lower the learning rate; docs/operations.md, \"Steps that are refused\"";
    }
    return new Tile("Learning", state, word, 100 * share, "% learned", lines, todo, course);
  }

  private Tile quality() {
    Recent r = board.recent();
    double[] course = r.lossOfTenMinutes(now);
    double lately = r.loss(now, TEN_MINUTES, 0);
    double loss = Double.isNaN(lately) ? lossSum / scored : lately;
    double anHourAgo = r.loss(now, HOUR + TEN_MINUTES, HOUR);
    double noise = r.noise(now, HOUR + TEN_MINUTES, HOUR);
    List<String> lines = new ArrayList<>();
    if (scored == 0) {
      return new Tile(
          "Quality",
          State.NONE,
          "not judged yet",
          Double.NaN,
          "loss",
          lines,
          "nothing has been judged: labels must come, and metrics.every-examples be above 0",
          course);
    }
    lines.add(text("loss of all events %s", number(lossSum / scored)));
    State state = State.GOOD;
    String word = "good";
    String todo = "";
    if (judged == 0) {
      word = "no baseline";
      lines.add("no baseline: the job does not measure one");
      todo = "metrics.list: [faded] in the job's YAML";
    } else {
      double skill = skillSum / Math.max(1, skillWeight);
      lines.add(text("against the better baseline %+.3f (0: as good as it, 1: perfect)", skill));
      lines.add(text("%,d of %,d keys are worse than their baseline", behind, judged));
      if (skill < 0) {
        state = State.BAD;
        word = "worse than baseline";
        todo = "sort the table by \"vs baseline\"; a model of that kind is worth nothing";
      }
    }
    if (Double.isNaN(anHourAgo)) {
      lines.add("no figures of an hour ago to compare with");
    } else {
      lines.add(text("an hour ago %s", number(anHourAgo)));
      if (state == State.GOOD && lately > anHourAgo + 2 * (Double.isNaN(noise) ? 0 : noise)) {
        state = State.WARN;
        word = "worse than an hour ago";
        todo = "look for drift marks in the table";
      }
    }
    return new Tile("Quality", state, word, loss, "loss, last 10 min", lines, todo, course);
  }

  private Tile output() {
    Recent r = board.recent();
    double[] course = r.lastTenMinutes(Recent.Sum.SNAPSHOTS, now);
    long newest = board.newestSnapshot();
    long usual = board.usualGap();
    List<String> lines = new ArrayList<>();
    Cluster c = board.cluster();
    if (c.known()) {
      lines.add(
          text("%,d checkpoints complete, %,d failed", c.checkpoints(), c.failedCheckpoints())
              + (c.lastCheckpoint() == 0
                  ? ""
                  : ", the last " + duration(now - c.lastCheckpoint()) + " ago"));
      lines.add(Count.of(c.restarts(), "restart") + " in the last hour");
    } else {
      lines.add("checkpoints and restarts: not known, " + c.why());
    }
    if (c.known() && c.lastRestart() > now - TEN_MINUTES) {
      return new Tile(
          "Output",
          State.BAD,
          "restarted",
          newest == 0 ? Double.NaN : (now - newest) / 1000.0,
          "s old",
          lines,
          "it restarted " + duration(now - c.lastRestart()) + " ago: " + c.reason(),
          course);
    }
    if (newest == 0) {
      return new Tile(
          "Output",
          State.NONE,
          "none yet",
          Double.NaN,
          "s old",
          lines,
          "a key publishes after snapshots.every-examples, and readers see it after a checkpoint",
          course);
    }
    if (usual > 0) {
      lines.add("usually one every " + duration(usual));
    }
    boolean overdue = usual > 0 && now - newest > Math.max(2 * usual, LEAST_PATIENCE);
    boolean learned = r.sum(Recent.Sum.LEARNED, now, now - newest, 0) > 0;
    boolean late = overdue && learned;
    return new Tile(
        "Output",
        late ? State.WARN : State.GOOD,
        late ? "late" : overdue ? "as new as its events" : "fresh",
        (now - newest) / 1000.0,
        "s old",
        lines,
        late ? "see whether checkpoints are complete: docs/operations.md" : "",
        course);
  }

  /** Three significant digits. */
  private static String number(double v) {
    return text("%.3g", v);
  }

  /** A stretch of time in its largest unit. */
  static String duration(long millis) {
    double s = Math.max(0, millis) / 1000.0;
    if (s < 1) {
      return text("%.0f ms", s * 1000);
    }
    if (s < 120) {
      return text("%.0f s", s);
    }
    if (s < 7200) {
      return text("%.0f min", s / 60);
    }
    return s < 172_800 ? text("%.0f h", s / 3600) : text("%.0f days", s / 86_400);
  }
}
