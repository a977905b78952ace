package io.millrace.operators.learner;

import io.millrace.operators.shell.KeyedShell;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** A configured learner and candidates for its place, all of them {@link TestLearner}s. */
final class Rivals {
  /** A gate that decides on little evidence, so that a short stream has every verdict. */
  static final Map<String, Double> HASTY =
      Map.of(
          "alpha", 0.45,
          "drop-alpha", 0.5,
          "guard-alpha", 0.9,
          "min-events", 4.0,
          "max-events", 60.0,
          "guard-min", 3.0,
          "guard-tolerance", 0.0,
          "hard-tolerance", 1.0,
          "probation", 15.0);

  private Rivals() {}

  /** A learner at a rate, without momentum. */
  static TestLearner at(double rate) {
    return new TestLearner("test-momentum", 2, Map.of("learning-rate", rate, "momentum", 0.0));
  }

  /** Candidates by their rates. */
  static CandidateOptions candidates(Map<String, Double> gate, Map<String, Double> rates) {
    List<CandidateOptions.Candidate> all = new ArrayList<>();
    new TreeMap<>(rates)
        .forEach(
            (name, rate) -> all.add(new CandidateOptions.Candidate(name, backend -> at(rate))));
    Map<String, Double> values = new TreeMap<>(gate);
    Double rung = values.remove("rung");
    return new CandidateOptions(
        all, "betting", 1, rung == null ? 0 : rung.longValue(), new TreeMap<>(values));
  }

  static KeyedShell shell(
      double rate, CandidateOptions candidates, UnaryOperator<LearnerOptions.Builder> with) {
    LearnerOptions options =
        with.apply(LearnerOptions.builder(Stream.TOPICS, Stream.INPUT).candidates(candidates))
            .build();
    return Shells.learner(options, backend -> at(rate));
  }

  /**
   * Examples of {@code y = slope x0 - x1 / 2 + noise}, a millisecond apart.
   *
   * @param from number of the first, and its event time
   */
  static void line(Stream s, String key, int from, int count, double slope, double noise) {
    Random random = new Random(31L * from + key.hashCode());
    for (int i = from; i < from + count; i++) {
      double x0 = Math.sin(i);
      double x1 = Math.cos(1.7 * i);
      double y = slope * x0 - x1 / 2 + noise * random.nextGaussian();
      s.example(key, "e" + i, i, y, x0, x1);
    }
  }
}
