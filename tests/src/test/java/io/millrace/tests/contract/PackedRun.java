package io.millrace.tests.contract;

import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerRun;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.state.LearnerState;
import java.util.ArrayList;
import java.util.List;

/**
 * Steps on touched coordinates only, the way a learner takes them: gather parameters and
 * elementwise slots at the coordinates, step on the packed arrays, scatter back.
 */
final class PackedRun {
  private final Optimizer optimizer;
  private final OptimizerRun full;

  PackedRun(Optimizer optimizer, double[] start) {
    this.optimizer = optimizer;
    this.full = new OptimizerRun(optimizer, start);
  }

  LearnerState state() {
    return full.state();
  }

  /** One step; the coordinates where {@code g} is not zero are the touched ones. */
  void step(double[] g, double rate) {
    List<Integer> touched = new ArrayList<>();
    for (int i = 0; i < g.length; i++) {
      if (g[i] != 0) {
        touched.add(i);
      }
    }
    int k = touched.size();
    OptimizerRun packed = new OptimizerRun(optimizer, ParamLayout.vector(k), new double[k], 0);
    Gradients f = new Gradients(k);
    packed.state().setSteps(full.state().steps());
    for (int j = 0; j < k; j++) {
      f.g[j] = g[touched.get(j)];
    }
    copy(touched, packed.state(), g.length, true);
    packed.step(f, rate);
    copy(touched, packed.state(), g.length, false);
    full.state().setSteps(packed.state().steps());
  }

  private void copy(List<Integer> touched, LearnerState packed, int n, boolean gather) {
    for (int b = 0; b < packed.schema().size(); b++) {
      double[] small = packed.block(b);
      double[] large = full.state().block(b);
      if (large.length != n) {
        System.arraycopy(gather ? large : small, 0, gather ? small : large, 0, large.length);
        continue;
      }
      for (int j = 0; j < small.length; j++) {
        if (gather) {
          small[j] = large[touched.get(j)];
        } else {
          large[touched.get(j)] = small[j];
        }
      }
    }
  }
}
