package io.millrace.core.dictionary.orthogonal;

import io.millrace.core.compute.ComputeBackend;
import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.Workspace;
import io.millrace.core.linalg.PolarFactor;

/** Reused arrays of the orthogonal method for one N, once per subtask. Not thread-safe. */
final class OrthogonalScratch {
  /** Holds the scratch of the size last asked for. */
  private static final class Holder {
    private OrthogonalScratch scratch;
  }

  final FrankWolfeStep step;
  final PolarFactor polar;
  final double[] moment;
  final double[] mean;
  final double[] whitener;
  final double[] inverse;
  final double[] output;

  private OrthogonalScratch(int size, Kernels kernels) {
    step = new FrankWolfeStep(size, kernels);
    polar = new PolarFactor(size);
    moment = new double[size * size];
    mean = new double[size * size];
    whitener = new double[size * size];
    inverse = new double[size * size];
    output = new double[size * size];
  }

  static OrthogonalScratch of(Workspace workspace, int size, ComputeBackend backend) {
    Holder holder = workspace.object("orthogonal", Holder.class, Holder::new);
    if (holder.scratch == null || holder.scratch.step.size() != size) {
      holder.scratch = new OrthogonalScratch(size, workspace.kernels(backend));
    }
    return holder.scratch;
  }
}
