package io.millrace.golden.sample;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.sample.particle.SteinDiscrepancy;
import io.millrace.core.sample.posterior.Convergence;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;

/** Diagnostics of chains, and the kernel Stein discrepancy. A case is a case of the file. */
public final class Diagnostics implements GoldenKind {
  /** Batches of the batch means of every file. */
  private static final int BATCHES = 10;

  private static final int MOST = 10_000;

  @Override
  public String id() {
    return "diagnostics";
  }

  @Override
  public boolean handles(JsonNode file) {
    return file.path("kind").asText().equals(id());
  }

  @Override
  public void replay(JsonNode file, Tally tally) {
    for (JsonNode c : Fields.array(file, "cases")) {
      JsonNode inputs = Fields.object(c, "inputs");
      JsonNode expected = Fields.object(c, "expected");
      tally.begin();
      if (inputs.has("chains")) {
        Fields.text(c, "name");
        chains(Fields.text(inputs, "name"), inputs, expected, tally);
      } else {
        stein(Fields.text(c, "name"), inputs, expected, tally);
      }
    }
  }

  private static void chains(String name, JsonNode inputs, JsonNode expected, Tally tally) {
    JsonNode listed = Fields.array(inputs, "chains");
    double[][] chains = new double[listed.size()][];
    for (int i = 0; i < chains.length; i++) {
      chains[i] = Fields.flat(name + "[" + i + "]", listed.get(i));
      if (chains[i].length < 2 * BATCHES || chains[i].length != chains[0].length) {
        throw new MalformedGolden(name + ": chain " + i + " has " + chains[i].length + " draws");
      }
    }
    if (chains.length == 0) {
      throw new MalformedGolden(name + ": no chains");
    }
    number(name, expected, "split_rhat", Convergence.splitRhat(chains), tally);
    number(name, expected, "ess", Convergence.effectiveSampleSize(chains), tally);
    number(name, expected, "rank_split_rhat", Convergence.rankSplitRhat(chains), tally);
    number(name, expected, "bulk_ess", Convergence.bulkEffectiveSampleSize(chains), tally);
    double[] batchMeans = new double[chains.length];
    for (int i = 0; i < chains.length; i++) {
      batchMeans[i] = Convergence.batchMeansEss(chains[i], BATCHES);
    }
    Clients.compare(
        name + ".batch_means_ess_per_chain",
        Fields.array(expected, "batch_means_ess_per_chain"),
        batchMeans,
        tally);
  }

  private static void stein(String name, JsonNode inputs, JsonNode expected, Tally tally) {
    JsonNode listed = Fields.array(inputs, "samples");
    int count = listed.size();
    if (count < 2 || count > MOST || listed.get(0).size() < 1) {
      throw new MalformedGolden(name + ": " + count + " samples");
    }
    int d = listed.get(0).size();
    double[] precision =
        Fields.flat(
            "target_precision", Fields.array(inputs, "target_precision"), Math.multiplyExact(d, d));
    double[] x = new double[count * d];
    double[] scores = new double[count * d];
    for (int i = 0; i < count; i++) {
      double[] at = Fields.flat("samples", listed.get(i), d);
      System.arraycopy(at, 0, x, i * d, d);
      for (int j = 0; j < d * d; j++) {
        scores[i * d + j / d] -= precision[j] * at[j % d];
      }
    }
    SteinDiscrepancy found = SteinDiscrepancy.of(x, scores, count);
    number(name, expected, "ksd_v", found.vStatistic(), tally);
    number(name, expected, "ksd_u", found.uStatistic(), tally);
  }

  private static void number(
      String name, JsonNode expected, String field, double actual, Tally tally) {
    tally.compare(name + "." + field, Fields.number(expected, field), actual);
  }
}
