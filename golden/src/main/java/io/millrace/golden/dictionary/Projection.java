package io.millrace.golden.dictionary;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.dictionary.online.AtomSet;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.Tally;
import io.millrace.golden.kind.UnsupportedGolden;

/** Projections onto the sets that atoms are kept in. A case is a vector and a set. */
public final class Projection implements GoldenKind {
  @Override
  public String id() {
    return "projection";
  }

  @Override
  public boolean handles(JsonNode file) {
    return file.path("kind").asText().equals(id());
  }

  @Override
  public void replay(JsonNode file, Tally tally) {
    for (JsonNode c : Fields.array(file, "cases")) {
      tally.begin();
      JsonNode inputs = Fields.object(c, "inputs");
      JsonNode expected = Fields.object(c, "expected");
      String set = Fields.text(inputs, "set");
      double[] u = Fields.flat("v", Fields.array(inputs, "v"));
      if (Fields.numberOr(inputs, "radius", 1) != 1) {
        throw new UnsupportedGolden("radius = " + inputs.get("radius") + "; atoms have radius 1");
      }
      double gamma = Fields.numberOr(inputs, "gamma", 0);
      double multiplier = project(set, u, gamma);
      tally.compare(set + ".u", Fields.flat("u", Fields.array(expected, "u")), u);
      if (expected.has("multiplier")) {
        tally.compare(set + ".multiplier", Fields.number(expected, "multiplier"), multiplier);
      }
    }
  }

  private static double project(String set, double[] u, double gamma) {
    AtomSet onto =
        switch (set) {
          case "l2_ball", "l2_ball_nonnegative" -> AtomSet.L2_BALL;
          case "l1_ball" -> AtomSet.L1_BALL;
          case "elastic_net_ball" -> AtomSet.ELASTIC_NET_BALL;
          case "simplex" -> AtomSet.SIMPLEX;
          default -> throw new UnsupportedGolden("no set '" + set + "'");
        };
    return onto.project(u, 0, u.length, gamma, set.endsWith("_nonnegative"));
  }
}
