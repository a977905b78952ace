package io.millrace.golden.dictionary;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.dictionary.learner.SignalScaling;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;
import io.millrace.golden.kind.Tolerance;

/**
 * Image patches, which are data and not cases: sizes agree, the attribution is there, and every
 * patch, centred and scaled, has mean 0 and norm 1. A case is a patch.
 */
public final class PatchData implements GoldenKind {
  /** Patches whose pixels have a smaller standard deviation are not in the data. */
  private static final double LEAST_DEVIATION = 4;

  @Override
  public String id() {
    return "patches";
  }

  @Override
  public boolean handles(JsonNode file) {
    return file.has("train_b64") && file.has("test_b64");
  }

  /** Rounding of sums over the pixels of a patch. */
  @Override
  public Tolerance tolerance(JsonNode file) {
    return new Tolerance(1e-12, 1, 0, 1);
  }

  @Override
  public void replay(JsonNode file, Tally tally) {
    Patches patches;
    try {
      patches = Patches.of(file);
    } catch (IllegalArgumentException e) {
      throw new MalformedGolden(e.getMessage());
    }
    if (patches.attribution().isEmpty()) {
      throw new MalformedGolden("field 'attribution' is missing");
    }
    int n = patches.trainCount();
    compare("train", patches.train(n, SignalScaling.NONE), patches.dimension(), tally);
    compare("test", patches.test(SignalScaling.NONE), patches.dimension(), tally);
  }

  private static void compare(String set, double[] x, int m, Tally tally) {
    for (int r = 0; r < x.length / m; r++) {
      tally.begin();
      String where = set + "[" + r + "]";
      SignalScaling.CENTER.apply(x, r * m, m);
      if (sum(x, r * m, m, true) < LEAST_DEVIATION * LEAST_DEVIATION * m) {
        throw new MalformedGolden(where + " is flat");
      }
      SignalScaling.UNIT_NORM.apply(x, r * m, m);
      tally.compare(where + ".mean", 0, sum(x, r * m, m, false) / m);
      tally.compare(where + ".norm", 1, Math.sqrt(sum(x, r * m, m, true)));
    }
  }

  private static double sum(double[] x, int from, int m, boolean squares) {
    double sum = 0;
    for (int i = from; i < from + m; i++) {
      sum += squares ? x[i] * x[i] : x[i];
    }
    return sum;
  }
}
