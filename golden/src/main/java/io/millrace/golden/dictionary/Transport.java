package io.millrace.golden.dictionary;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.cp.EntropicTransport;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;

/** The conjugate of entropic optimal transport and its gradient. A case is a point. */
public final class Transport implements GoldenKind {
  @Override
  public String id() {
    return "wasserstein";
  }

  @Override
  public boolean handles(JsonNode file) {
    return file.path("kind").asText().equals(id());
  }

  @Override
  public void replay(JsonNode file, Tally tally) {
    int number = 0;
    for (JsonNode c : Fields.array(file, "cases")) {
      String where = "case " + ++number;
      tally.begin();
      JsonNode inputs = Fields.object(c, "inputs");
      JsonNode expected = Fields.object(c, "expected");
      double[] q = Fields.flat("q", Fields.array(inputs, "q"));
      if (q.length == 0) {
        throw new MalformedGolden(where + ": 'q' is empty");
      }
      double[] g = Fields.flat("g", Fields.array(inputs, "g"), q.length);
      double[] cost = Fields.flat("M", Fields.array(inputs, "M"), q.length * q.length);
      // Any cost matrix is one of a grid that is a single column.
      EntropicTransport transport =
          new EntropicTransport(
              q.length,
              1,
              cost,
              new double[1],
              Fields.number(inputs, "gamma"),
              ScalarBackend.INSTANCE);
      double[] gradient = new double[q.length];
      double value = transport.conjugate(q, g, 0, gradient, new Workspace());
      tally.compare(where + ".conjugate", Fields.number(expected, "conjugate"), value);
      tally.compare(
          where + ".gradient",
          Fields.flat("gradient", Fields.array(expected, "gradient")),
          gradient);
    }
  }
}
