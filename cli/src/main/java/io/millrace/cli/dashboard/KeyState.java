package io.millrace.cli.dashboard;

import io.millrace.schemas.FederationStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** What is known of one key. Guarded by its {@link Board}. */
final class KeyState {
  /** Marks and versions that are kept of a key; older ones go. */
  static final int MOST_MARKS = 100;

  private static final int MOST_VERSIONS = 20;

  /**
   * A version that was published.
   *
   * @param at in milliseconds, when its record was written
   * @param bytes of its numbers
   */
  record Version(long incarnation, long number, long at, long bytes, long examples, double loss) {}

  final String key;
  long incarnation;
  long eventTime;
  long recordTime;
  Figures counters = Figures.NONE;
  Figures values = Figures.NONE;
  Series series = new Series(0);
  private List<Mark> marks = List.of();
  final Deque<Version> versions = new ArrayDeque<>();

  // Of the newest snapshot.
  long modelIncarnation;
  long version;
  long modelTime;
  long modelBytes;
  String dtype = "";
  String family = "";
  String algorithm = "";
  String backend = "";
  String build = "";
  long seed;
  long controlEpoch;
  String candidate = "";
  Figures hyperparameters = Figures.NONE;
  String doubt = "";

  FederationStatus status;

  // What a row of the table is sorted by, brought up to date with the figures.
  long events;
  double loss = Double.NaN;
  double skill = Double.NaN;
  double quality = Double.NaN;
  double calibration = Double.NaN;
  long drifts;
  long letters;

  /** Revision of the board at which something last changed. */
  long changed;

  /** Scratch of a sort. */
  double order;

  KeyState(String key) {
    this.key = key;
  }

  /** Derives what the table shows from the newest figures. */
  void derive() {
    events = Math.max(counters.count("predicted"), counters.count("examples"));
    events = Math.max(events, counters.count("decisions"));
    loss = values.get("loss");
    skill = skill("recent");
    if (Double.isNaN(skill)) {
      skill = skill("faded");
    }
    quality = values.first("recentRocAuc", "fadedRocAuc", "recentRmse", "fadedRmse");
    calibration = values.first("recentEce", "fadedEce");
    double counted = values.get("driftDrifts");
    drifts = Math.max(drifts, Double.isNaN(counted) ? 0 : (long) counted);
    letters = counters.count("deadLetters");
  }

  /**
   * Against the better of the baselines, 1 is perfect, 0 as good as it: kappa of classes, skill of
   * numbers.
   */
  private double skill(String over) {
    double least = Double.NaN;
    for (String name :
        new String[] {"KappaTemporal", "KappaMajority", "SkillNoChange", "SkillRunningMean"}) {
      double v = values.get(over + name);
      if (Double.isFinite(v) && !(least <= v)) {
        least = v;
      }
    }
    return least;
  }

  List<Mark> marks() {
    return marks;
  }

  void mark(Mark m) {
    if (marks.isEmpty()) {
      marks = new ArrayList<>();
    } else if (marks.size() == MOST_MARKS) {
      marks.remove(0);
    }
    marks.add(m);
  }

  void published(Version v) {
    if (versions.size() == MOST_VERSIONS) {
      versions.removeFirst();
    }
    versions.addLast(v);
  }
}
