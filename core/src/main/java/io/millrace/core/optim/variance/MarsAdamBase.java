package io.millrace.core.optim.variance;

import io.millrace.core.linalg.IntegerPower;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.StepContext;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;

/** The AdamW step of MARS on a corrected gradient, and its slots m and v. Immutable. */
final class MarsAdamBase {
  static final Hyper BETA2 =
      new Hyper("beta2", 0.99, Range.halfOpen(0, 1), "decay of the second moment");
  static final Hyper EPS =
      new Hyper("eps", 1e-8, Range.positive(), "added to the root of the second moment");

  private static final String FIRST = "m";
  private static final String SECOND = "v";

  private final double beta1;
  private final double beta2;
  private final double eps;
  private final double weightDecay;

  MarsAdamBase(HyperValues values) {
    beta1 = values.get(MarsCorrection.BETA1);
    beta2 = values.get(BETA2);
    eps = values.get(EPS);
    weightDecay = values.get(MarsCorrection.WEIGHT_DECAY);
  }

  void declareSlots(Slots.Declaration slots) {
    slots.elementwise(FIRST);
    slots.elementwise(SECOND);
  }

  void step(double[] c, double[] theta, Slots slots, StepContext context) {
    double[] m = slots.get(FIRST);
    double[] v = slots.get(SECOND);
    long t = slots.nextStep();
    double lr = context.learningRate();
    double correction1 = 1 - IntegerPower.of(beta1, t);
    double root2 = Math.sqrt(1 - IntegerPower.of(beta2, t));
    for (int i = 0; i < theta.length; i++) {
      m[i] = beta1 * m[i] + (1 - beta1) * c[i];
      v[i] = beta2 * v[i] + (1 - beta2) * c[i] * c[i];
      double direction = m[i] / ((Math.sqrt(v[i]) / root2 + eps) * correction1);
      theta[i] -= lr * (weightDecay * theta[i] + direction);
    }
  }
}
