package io.millrace.golden.sample;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.sample.Anchor;
import io.millrace.core.sample.NaturalGaussian;
import io.millrace.core.sample.surrogate.Curvature;
import io.millrace.core.sample.surrogate.Federation;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;
import io.millrace.golden.kind.UnsupportedGolden;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The surrogates that a file lists, by name. Those that follow from the rows are compared with
 * ours: {@code exact}, its {@code diagonal}, and whatever ends with {@code _anchored}. Those made
 * from draws are inputs; their sums are compared.
 */
final class ListedSurrogates {
  private static final String ANCHORED = "_anchored";
  private static final String GUARDED = "_guarded";

  /** A guard that goes down by this factor ends within it of the largest that fits. */
  private static final double GUARD_FACTOR = 0.9;

  private final Map<String, List<NaturalGaussian>> all = new LinkedHashMap<>();

  static ListedSurrogates of(Clients clients, JsonNode listed, Tally tally) {
    ListedSurrogates surrogates = new ListedSurrogates();
    for (Map.Entry<String, JsonNode> e : listed.properties()) {
      List<NaturalGaussian> read = read(clients, e.getKey(), Fields.object(listed, e.getKey()));
      surrogates.all.put(e.getKey(), read);
      surrogates.compare(clients, e.getKey(), listed.get(e.getKey()), read, tally);
    }
    return surrogates;
  }

  List<NaturalGaussian> named(String name) {
    List<NaturalGaussian> found = all.get(name);
    if (found == null) {
      throw new MalformedGolden("no surrogates '" + name + "' among " + all.keySet());
    }
    return found;
  }

  private static List<NaturalGaussian> read(Clients clients, String name, JsonNode listed) {
    int count = clients.all().size();
    int d = clients.size();
    JsonNode eta = Fields.array(listed, "eta", count);
    JsonNode lambda = Fields.array(listed, "lam", count);
    List<NaturalGaussian> read = new ArrayList<>();
    for (int s = 0; s < count; s++) {
      read.add(
          NaturalGaussian.full(
              Fields.flat(name + ".eta", eta.get(s), d),
              Fields.flat(name + ".lam", lambda.get(s), d * d)));
    }
    return read;
  }

  private void compare(
      Clients clients, String name, JsonNode listed, List<NaturalGaussian> read, Tally tally) {
    NaturalGaussian product = NaturalGaussian.product(read);
    Clients.compare(name + ".eta_sum", Fields.array(listed, "eta_sum"), product.eta(), tally);
    Clients.compare(name + ".lam_sum", Fields.array(listed, "lam_sum"), product.lambda(), tally);
    if (name.endsWith(ANCHORED)) {
      anchored(clients, name.substring(0, name.length() - ANCHORED.length()), read, tally);
      return;
    }
    List<NaturalGaussian> exact = clients.exact();
    for (int s = 0; s < read.size(); s++) {
      switch (name) {
        case "exact" -> compare(name, exact.get(s), read.get(s), tally);
        case "diagonal" ->
            compare(
                name,
                exact.get(s).diagonalAt(Curvature.mode(exact.get(s), clients.kernels())),
                read.get(s),
                tally);
        default -> {
          if (!name.startsWith("samples")) {
            throw new UnsupportedGolden("no surrogates '" + name + "'");
          }
        }
      }
    }
  }

  /**
   * Files anchor at the mode of the surrogates before, or where they guard, at the posterior mean.
   */
  private void anchored(Clients clients, String name, List<NaturalGaussian> read, Tally tally) {
    boolean guarded = name.endsWith(GUARDED);
    List<NaturalGaussian> before =
        named(guarded ? name.substring(0, name.length() - GUARDED.length()) : name);
    double[] point =
        guarded
            ? clients.posterior().mean()
            : Federation.mode(clients.prior(), NaturalGaussian.product(before), clients.kernels());
    for (int s = 0; s < read.size(); s++) {
      Anchor anchor = Anchor.of(clients.all().get(s), point);
      double kept = guarded ? kept(clients, s, before.get(s), read.get(s), tally) : 1;
      compare(
          name + ANCHORED,
          before.get(s).toThe(kept).anchored(anchor.point(), anchor.gradient()),
          read.get(s),
          tally);
    }
  }

  private static double kept(
      Clients clients, int s, NaturalGaussian before, NaturalGaussian after, Tally tally) {
    double kept = before.lambda()[0] == 0 ? 0 : after.lambda()[0] / before.lambda()[0];
    double kappa = Curvature.kappa(clients.exact().get(s).lambda(), before, clients.kernels());
    double rounding = tally.tolerance().bound();
    boolean fits = kept <= kappa + rounding && kept + rounding >= GUARD_FACTOR * kappa;
    tally.exact("client " + s + " guarded by " + kept + ", largest " + kappa, true, fits);
    return kept;
  }

  private static void compare(
      String name, NaturalGaussian ours, NaturalGaussian listed, Tally tally) {
    double[] full = new double[listed.lambda().length];
    ours.addLambda(1, full);
    tally.compare(name + ".eta", listed.eta(), ours.eta());
    tally.compare(name + ".lam", listed.lambda(), full);
  }
}
