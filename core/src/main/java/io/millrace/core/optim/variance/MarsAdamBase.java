package io.millrace.core.optim.variance;

import io.millrace.core.linalg.IntegerPower;
import io.millrace.core.optim.Moments;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.StepContext;
import io.millrace.core.optim.WeightDecay;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;

/** The AdamW step of MARS on a corrected gradient, and its slots m and v. Immutable. */
final class MarsAdamBase {
  static final Hyper BETA2 = Moments.BETA2.withDefault(0.99);

  private final double beta1;
  private final double beta2;
  private final double eps;
  private final double weightDecay;

  MarsAdamBase(HyperValues values) {
    beta1 = values.get(MarsCorrection.BETA1);
    beta2 = values.get(BETA2);
    eps = values.get(Moments.EPS);
    weightDecay = values.get(WeightDecay.DECOUPLED);
  }

  void declareSlots(Slots.Declaration slots) {
    slots.elementwise(Moments.FIRST);
    slots.elementwise(Moments.SECOND);
  }

  void step(double[] c, double[] theta, Slots slots, StepContext context) {
    double[] m = slots.get(Moments.FIRST);
    double[] v = slots.get(Moments.SECOND);
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
