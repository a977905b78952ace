package io.millrace.core.optim.proximal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.catalog.Optimizers;
import io.millrace.core.optim.Objective;
import io.millrace.core.optim.OptimizerRun;
import io.millrace.core.optim.ParamLayout;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where the method comes to rest under either penalty, on half the squared distance to a point. */
class NonconvexAgTest {
  private static final double[] CENTRE = {0.4, -0.9, 1.5, -3, 5, -8};

  private static final Objective BOWL =
      new Objective() {
        @Override
        public ParamLayout layout() {
          return ParamLayout.vector(CENTRE.length);
        }

        @Override
        public double value(double[] theta) {
          throw new IllegalStateException("not asked for");
        }

        @Override
        public void gradient(double[] theta, double[] out) {
          for (int i = 0; i < out.length; i++) {
            out[i] = theta[i] - CENTRE[i];
          }
        }
      };

  private static double[] rest(Map<String, Double> values) {
    OptimizerRun run =
        new OptimizerRun(
            Optimizers.configure("nonconvex_ag", values).optimizer(), new double[CENTRE.length]);
    for (int t = 0; t < 400; t++) {
      run.step(BOWL, 0.5);
    }
    double[] published = new double[CENTRE.length];
    run.publish(published);
    return published;
  }

  /** Fan and Li, equation 2.8, at lambda 1 and a 3.7. */
  @Test
  void restsAtTheScadThreshold() {
    double[] expected = {0, 0, 0.5, -(2.7 * 3 - 3.7) / 1.7, 5, -8};
    double[] at = rest(Map.of("lambda", 1.0));
    assertThat(at).containsExactly(expected, within(1e-9));
    assertThat(at).startsWith(0, 0);
  }

  /** The firm threshold, soft(t, 1) / (1 - 1/gamma) up to gamma and t beyond, at gamma 3.5. */
  @Test
  void restsAtTheFirmThreshold() {
    double[] expected = {0, 0, 0.5 / (1 - 1 / 3.5), -2 / (1 - 1 / 3.5), 5, -8};
    double[] at = rest(Map.of("lambda", 1.0, "mcp", 1.0, "gamma", 3.5));
    assertThat(at).containsExactly(expected, within(1e-9));
    assertThat(at).startsWith(0, 0);
  }
}
