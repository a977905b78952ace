package io.millrace.golden.tuning;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.solver.YoungBound;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;

/** Spectral radii of relaxation and the bound on its iterations. A case is a Jacobi radius. */
public final class SolverBound implements GoldenKind {
  @Override
  public String id() {
    return "solver_bound";
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
      double beta = below1(inputs, "beta");
      double tau = below1(inputs, "tau");
      double tolerance = below1(inputs, "tolerance");
      YoungBound bound = new YoungBound(beta);
      tally.compare("omega_opt", Fields.number(expected, "omega_opt"), bound.best());
      for (JsonNode v : Fields.array(expected, "values")) {
        double omega = Fields.number(v, "omega");
        if (!(omega > 0 && omega < 2)) {
          throw new MalformedGolden("'omega' is " + omega + "; must lie in (0, 2)");
        }
        String where = "beta " + beta + ", omega " + omega;
        tally.compare(where + ".rho", Fields.number(v, "rho"), bound.radius(omega));
        tally.compare(
            where + ".bound", Fields.number(v, "bound"), bound.iterations(omega, tau, tolerance));
      }
    }
  }

  private static double below1(JsonNode inputs, String field) {
    double v = Fields.number(inputs, field);
    if (!(v >= 0 && v < 1)) {
      throw new MalformedGolden("'" + field + "' is " + v + "; must lie in [0, 1)");
    }
    return v;
  }
}
