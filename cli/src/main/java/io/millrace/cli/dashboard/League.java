package io.millrace.cli.dashboard;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.ToDoubleFunction;

/**
 * The table of all keys: sorted and searched here, so that the page holds the rows in sight and no
 * others. Guarded by the board's lock.
 *
 * <p>The first rows, nearly always those in sight, are picked out without sorting the rest. A whole
 * order, for who scrolls far down, is kept for ten times as long as it took.
 */
final class League {
  /** Rows that one question gets at most. */
  static final int MOST_ROWS = 200;

  private static final int SPARK = 30;
  private static final int REMEMBERED = 4;

  private static final Map<String, ToDoubleFunction<KeyState>> COLUMNS = new LinkedHashMap<>();

  static {
    COLUMNS.put("worst", League::badness);
    COLUMNS.put("events", k -> k.events);
    COLUMNS.put("loss", k -> k.loss);
    COLUMNS.put("skill", k -> k.skill);
    COLUMNS.put("quality", k -> k.quality);
    COLUMNS.put("calibration", k -> k.calibration);
    COLUMNS.put("drifts", k -> k.drifts);
    COLUMNS.put("version", k -> k.version);
    COLUMNS.put("age", k -> k.modelTime == 0 ? Double.NaN : -k.modelTime);
    COLUMNS.put("letters", k -> k.letters);
    COLUMNS.put("bytes", k -> k.modelBytes);
  }

  /**
   * What is asked for.
   *
   * @param sort a column, or key
   * @param down whether the largest come first
   * @param search part of a key; empty: all
   */
  record View(String sort, boolean down, String search) {
    View {
      if (!sort.equals("key") && !COLUMNS.containsKey(sort)) {
        throw new IllegalArgumentException(
            "sort = " + sort + "; must be key or one of " + COLUMNS.keySet());
      }
    }
  }

  /** Rows from the top that are picked out of all without sorting the others. */
  private static final int PICKED = 1000;

  /** An order is kept for so many times as long as it took to make it. */
  private static final int PATIENCE = 10;

  /**
   * An order that was made.
   *
   * @param rows all of them
   * @param until in nanoseconds of the clock of the machine, when it is made anew for a newer
   *     revision
   */
  private record Made(long revision, KeyState[] rows, long until) {}

  /**
   * Some rows from the top.
   *
   * @param found how many there are in all
   */
  private record Top(KeyState[] rows, int found) {}

  private final Board board;
  private final Map<View, Made> made =
      new LinkedHashMap<>(8, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<View, Made> e) {
          return size() > REMEMBERED;
        }
      };

  League(Board board) {
    this.board = board;
  }

  /**
   * The worst have the highest: below their baseline first; keys without one come behind, by loss.
   */
  private static double badness(KeyState k) {
    if (Double.isFinite(k.skill)) {
      return 1e9 - k.skill;
    }
    return k.loss;
  }

  /** At least so many rows from the top, if there are as many. */
  private Top top(View view, int count) {
    if (count > PICKED) {
      KeyState[] all = rows(view);
      return new Top(all, all.length);
    }
    List<KeyState> found = found(view);
    Comparator<KeyState> order = comparator(view.down);
    PriorityQueue<KeyState> best = new PriorityQueue<>(Math.max(1, count), order.reversed());
    for (KeyState k : found) {
      if (best.size() < count) {
        best.add(k);
      } else if (count > 0 && order.compare(k, best.peek()) < 0) {
        best.poll();
        best.add(k);
      }
    }
    KeyState[] rows = best.toArray(KeyState[]::new);
    Arrays.sort(rows, order);
    return new Top(rows, found.size());
  }

  private KeyState[] rows(View view) {
    Made last = made.get(view);
    long begin = System.nanoTime();
    if (last != null && (last.revision == board.revision() || begin - last.until < 0)) {
      return last.rows;
    }
    KeyState[] rows = found(view).toArray(KeyState[]::new);
    Arrays.sort(rows, comparator(view.down));
    long end = System.nanoTime();
    made.put(view, new Made(board.revision(), rows, end + PATIENCE * (end - begin)));
    return rows;
  }

  /** Those that were searched for, in no order, each with what it is to be ordered by. */
  private List<KeyState> found(View view) {
    String wanted = view.search.toLowerCase(Locale.ROOT);
    List<KeyState> found = new ArrayList<>(wanted.isEmpty() ? board.keys().size() : 64);
    ToDoubleFunction<KeyState> column = COLUMNS.get(view.sort);
    for (KeyState k : board.keys()) {
      if (wanted.isEmpty() || k.key.toLowerCase(Locale.ROOT).contains(wanted)) {
        k.order = column == null ? 0 : column.applyAsDouble(k);
        found.add(k);
      }
    }
    return found;
  }

  /** What is not known comes last whichever way the others are sorted; equals go by key. */
  private static Comparator<KeyState> comparator(boolean down) {
    return (a, b) -> {
      boolean noA = Double.isNaN(a.order);
      boolean noB = Double.isNaN(b.order);
      int c =
          noA || noB
              ? Boolean.compare(noA, noB)
              : down ? Double.compare(b.order, a.order) : Double.compare(a.order, b.order);
      return c != 0
          ? c
          : down && a.order == 0 && b.order == 0 ? b.key.compareTo(a.key) : a.key.compareTo(b.key);
    };
  }

  /**
   * Rows in sight.
   *
   * @param from the first, from 0
   * @param count at most {@link #MOST_ROWS} are given
   */
  Map<String, Object> slice(View view, int from, int count) {
    int wanted = Math.min(Math.max(0, count), MOST_ROWS);
    Top top = top(view, (int) Math.min(Integer.MAX_VALUE, (long) Math.max(0, from) + wanted));
    KeyState[] rows = top.rows;
    int begin = Math.max(0, Math.min(from, rows.length));
    int end = Math.min(rows.length, begin + wanted);
    List<Map<String, Object>> shown = new ArrayList<>();
    for (int i = begin; i < end; i++) {
      shown.add(row(rows[i]));
    }
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("revision", board.revision());
    o.put("total", board.keys().size());
    o.put("found", top.found);
    o.put("from", begin);
    o.put("rows", shown);
    return o;
  }

  private static Map<String, Object> row(KeyState k) {
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("key", k.key);
    o.put("events", k.events);
    o.put("loss", k.loss);
    o.put("skill", k.skill);
    o.put("quality", k.quality);
    o.put("rmse", Double.isNaN(k.values.first("recentRocAuc", "fadedRocAuc")));
    o.put("calibration", k.calibration);
    o.put("drifts", k.drifts);
    o.put("version", k.version);
    o.put("age", k.modelTime);
    o.put("letters", k.letters);
    o.put("bytes", k.modelBytes);
    double[] spark = k.series.last("windowLoss", SPARK);
    o.put("spark", spark.length > 0 ? spark : k.series.last("rhat", SPARK));
    return o;
  }
}
