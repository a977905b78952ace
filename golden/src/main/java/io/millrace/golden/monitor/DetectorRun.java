package io.millrace.golden.monitor;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.compute.Workspace;
import io.millrace.core.drift.Adwin;
import io.millrace.core.drift.Ddm;
import io.millrace.core.drift.Detector;
import io.millrace.core.drift.DetectorContext;
import io.millrace.core.drift.DetectorSpec;
import io.millrace.core.drift.Eddm;
import io.millrace.core.drift.HddmA;
import io.millrace.core.drift.HddmW;
import io.millrace.core.drift.KolmogorovSmirnov;
import io.millrace.core.drift.Kswin;
import io.millrace.core.drift.PageHinkley;
import io.millrace.core.drift.Signal;
import io.millrace.core.drift.Stepd;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;
import io.millrace.golden.kind.UnsupportedGolden;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Detectors of drift over streams. A case is a detector and a stream. */
public final class DetectorRun implements GoldenKind {
  private static final int MOST = 1_000_000;

  @Override
  public String id() {
    return "detector_run";
  }

  @Override
  public boolean handles(JsonNode file) {
    return file.path("kind").asText().equals(id());
  }

  @Override
  public void replay(JsonNode file, Tally tally) {
    NamedStreams streams = new NamedStreams();
    JsonNode cases = Fields.array(file, "cases");
    for (int i = 0; i < cases.size(); i++) {
      tally.begin();
      JsonNode inputs = Fields.object(cases.get(i), "inputs");
      JsonNode expected = Fields.object(cases.get(i), "expected");
      String name = Fields.text(inputs, "detector");
      String where = "cases[" + i + "] " + name;
      if (name.equals("ks_exact")) {
        exact(where, inputs, expected, tally);
      } else {
        double[] x = values(inputs, streams);
        new Run(where, name, inputs, expected, tally).over(x);
      }
    }
  }

  private static double[] values(JsonNode inputs, NamedStreams streams) {
    if (!Fields.given(inputs, "bits") && !Fields.given(inputs, "bits_of")) {
      JsonNode from = streams.of(inputs, "x", "x_of");
      return Fields.flat("x", Fields.array(from, "x"));
    }
    String bits = Fields.text(streams.of(inputs, "bits", "bits_of"), "bits");
    if (!bits.matches("[01]*")) {
      throw new MalformedGolden("'bits' has other signs than 0 and 1");
    }
    return bits.chars().mapToDouble(b -> b - '0').toArray();
  }

  private static void exact(String where, JsonNode inputs, JsonNode expected, Tally tally) {
    int[] n = Fields.integers("n", Fields.array(inputs, "n"), 1, 1000);
    double[] alpha = Fields.flat("alpha", Fields.array(inputs, "alpha"));
    JsonNode critical = Fields.array(expected, "critical_h", n.length);
    for (int i = 0; i < n.length; i++) {
      double[] row = Fields.flat("critical_h", critical.get(i), alpha.length);
      for (int j = 0; j < alpha.length; j++) {
        tally.exact(
            where + ".critical_h[" + i + "][" + j + "]",
            row[j],
            (double) KolmogorovSmirnov.critical(n[i], alpha[j]));
      }
    }
    double[] p = Fields.flat("p_of_h", Fields.array(expected, "p_of_h"));
    for (int h = 0; h < p.length; h++) {
      // Probabilities are small: they are compared as such, not with 1.
      double found = KolmogorovSmirnov.probability(p.length - 1, h);
      tally.compare(where + ".p_of_h[" + h + "]", 1, p[h] > 0 ? found / p[h] : Double.NaN);
    }
  }

  /** One case. */
  private static final class Run {
    private final String where;
    private final JsonNode inputs;
    private final JsonNode expected;
    private final Tally tally;
    private final Detector detector;
    private final JsonNode uniforms;

    Run(String where, String name, JsonNode inputs, JsonNode expected, Tally tally) {
      this.where = where;
      this.inputs = inputs;
      this.expected = expected;
      this.tally = tally;
      this.detector = detector(name, Fields.object(inputs, "parameters"));
      this.uniforms = detector instanceof Kswin ? Fields.array(inputs, "uniforms_per_test") : null;
    }

    private static Detector detector(String name, JsonNode p) {
      return switch (name) {
        case "DDM" -> made(Ddm.SPEC, p, Map.of("minimum", "min_n", "warning", "warn"), "drift");
        case "EDDM" ->
            made(Eddm.SPEC, p, Map.of("minimum", "min_errors", "warning", "warn"), "drift");
        case "HDDM_A", "HDDM_A_one_sided" ->
            made(HddmA.SPEC, p, Map.of("warning", "warn"), "drift");
        case "HDDM_W", "HDDM_W_alarm" ->
            made(HddmW.SPEC, p, Map.of("warning", "warn", "lambda", "lam"), "drift");
        case "STEPD" -> made(Stepd.SPEC, p, Map.of("drift", "zd", "warning", "zw"), "window");
        case "KSWIN" -> made(Kswin.SPEC, p, Map.of("recent", "stat"), "alpha", "window", "clock");
        case "PH", "PH_both" ->
            new PageHinkley(
                Fields.number(p, "delta"),
                Fields.number(p, "lam"),
                Fields.number(p, "alpha"),
                Fields.integer(p, "min_n", 1, MOST),
                direction(Fields.text(p, "direction")));
        case "ADWIN", "ADWIN_clock_1" ->
            new Adwin(
                Fields.number(p, "delta"),
                Fields.integer(p, "clock", 1, MOST),
                Fields.integer(p, "M", 1, 100),
                Fields.integer(p, "min_len", 1, MOST),
                Fields.integer(p, "grace", 0, MOST));
        default -> throw new UnsupportedGolden("no detector '" + name + "'");
      };
    }

    private static boolean direction(String word) {
      if (!List.of("up", "both").contains(word)) {
        throw new UnsupportedGolden("no direction '" + word + "'");
      }
      return word.equals("both");
    }

    /**
     * A detector of the registry.
     *
     * @param renamed name of a hyperparameter here, and in the file
     * @param same hyperparameters of the same name
     */
    private static Detector made(
        DetectorSpec spec, JsonNode p, Map<String, String> renamed, String... same) {
      Map<String, Double> numbers = new HashMap<>();
      renamed.forEach((here, there) -> numbers.put(here, Fields.number(p, there)));
      for (String name : same) {
        numbers.put(name, Fields.number(p, name));
      }
      Map<String, String> words = new HashMap<>();
      if (!spec.choices().isEmpty()) {
        words.put("decrease", Fields.text(p, "decrease"));
      }
      return spec.make(numbers, words);
    }

    /** Runs, and compares what has fired, and the numbers that the file lists. */
    void over(double[] x) {
      double[] b = new double[detector.length()];
      ListedUniforms draws = new ListedUniforms();
      DetectorContext context = new DetectorContext(draws, new Workspace());
      JsonNode states = Fields.array(expected, "states");
      List<Integer> drifts = new ArrayList<>();
      List<List<Integer>> warnings = new ArrayList<>();
      int next = 0;
      int tests = 0;
      for (int i = 0; i < x.length; i++) {
        if (uniforms != null && tests < uniforms.size()) {
          draws.aim(Fields.flat("uniforms_per_test[" + tests + "]", uniforms.get(tests)));
        }
        context.clear();
        Signal signal = detector.add(b, 0, x[i], context);
        tests += Double.isNaN(context.statistic()) ? 0 : 1;
        if (signal == Signal.WARNING) {
          warn(warnings, i);
        } else if (signal != Signal.CALM) {
          drifts.add(i);
        }
        if (next < states.size()
            && states.get(next).isArray()
            && Fields.integer("states", states.get(next).path(0), 0, MOST) == i) {
          compare(states.get(next), b, where + ".states[" + next + "]");
          next++;
        }
      }
      if (next < states.size()) {
        throw new MalformedGolden(where + ".states[" + next + "] is out of order, or of no event");
      }
      if (uniforms != null) {
        tally.exact(where + ".uniforms_per_test", uniforms.size(), tests);
        tally.exact(
            where + ".critical_h",
            Fields.integer(expected, "critical_h"),
            (long) ((Kswin) detector).critical());
      }
      tally.exact(where + ".drifts", listed("drifts"), drifts.toString());
      tally.exact(where + ".warnings", listed("warnings"), warnings.toString());
    }

    private String listed(String field) {
      return Fields.array(expected, field).toString().replace(",", ", ");
    }

    private static void warn(List<List<Integer>> warnings, int i) {
      int last = warnings.size() - 1;
      if (last >= 0 && warnings.get(last).get(1) == i - 1) {
        warnings.set(last, List.of(warnings.get(last).get(0), i));
      } else {
        warnings.add(List.of(i, i));
      }
    }

    private void compare(JsonNode row, double[] b, String at) {
      double[] state = state(b);
      if (row.size() != state.length + 1) {
        throw new MalformedGolden(at + " has " + row.size() + " entries");
      }
      for (int j = 0; j < state.length; j++) {
        JsonNode v = row.get(j + 1);
        tally.compare(
            at + "[" + (j + 1) + "]", v.isNull() ? Double.NaN : Fields.number(at, v), state[j]);
      }
    }

    /** The numbers that files list, of the detector's block. */
    private double[] state(double[] b) {
      if (detector instanceof Ddm d) {
        boolean none = b[0] <= d.minimum();
        return new double[] {b[1] / b[0], none ? Double.NaN : b[2], none ? Double.NaN : b[3]};
      }
      if (detector instanceof Eddm d) {
        double best = d.best(b, 0);
        return new double[] {d.mean(b, 0), d.deviation(b, 0), best == 0 ? -1 : best};
      }
      if (detector instanceof HddmA) {
        return new double[] {b[0], b[1], b[2], b[3]};
      }
      if (detector instanceof HddmW) {
        double[] samples = new double[6];
        for (int s = 0; s < 6; s += 2) {
          boolean none = b[s + 1] == 0;
          samples[s] = none ? Double.NaN : b[s];
          samples[s + 1] = none ? Double.NaN : b[s + 1];
        }
        return samples;
      }
      if (detector instanceof Stepd d) {
        return new double[] {d.oldCount(b, 0), d.oldErrors(b, 0), d.newErrors(b, 0)};
      }
      if (detector instanceof Kswin d) {
        return new double[] {d.count(b, 0), d.lastStatistic(b, 0)};
      }
      if (detector instanceof Adwin d) {
        return new double[] {d.width(b, 0), d.total(b, 0), d.squares(b, 0), d.buckets(b, 0)};
      }
      return new double[] {b[1], b[2], b[3]}; // Page-Hinkley: mean, up, down
    }
  }
}
