package io.millrace.core.dictionary.unfolded;

import io.millrace.core.compute.ComputeBackend;
import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.Vectors;
import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.Gram;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerRun;
import io.millrace.core.state.LearnerState;

/**
 * Trains unfolded layers batch by batch without labels, for a copy of a dictionary that is renewed
 * when the dictionary has moved away. Immutable.
 */
final class LayerTrainer {
  /** Steps after a start of Adam over which its rate rises. */
  private static final double WARM_UP = 20;

  private final UnfoldedIsta network;
  private final double lambda;
  private final Optimizer optimizer;
  private final double rate;
  private final double move;
  private final LayerState blocks;
  private final ComputeBackend backend;

  /**
   * A trainer.
   *
   * @param lambda of the objective
   * @param rate learning rate, of steps in parts of a step of ISTA, 1 / L, of thresholds in parts
   *     of its threshold, lambda / L: so it is the same whatever the unit of the signals
   * @param move share of the dictionary's norm; a longer way from the copy renews it
   */
  LayerTrainer(
      UnfoldedIsta network,
      double lambda,
      Optimizer optimizer,
      double rate,
      double move,
      LayerState blocks,
      ComputeBackend backend) {
    this.network = network;
    this.lambda = lambda;
    this.optimizer = optimizer;
    this.rate = rate;
    this.move = move;
    this.blocks = blocks;
    this.backend = backend;
  }

  /** Sets the layers to steps of ISTA under a dictionary. */
  void begin(double[] d, double[] gram, LearnerState state) {
    blocks.figures(state)[LayerState.LIPSCHITZ] = 0;
    renew(d, gram, state, new Gram());
  }

  /**
   * After a step of the dictionary: renews the copy if it is due, then takes a step on the layers.
   *
   * @param x [n x m], not modified
   * @param d [K x m], the dictionary after its step
   * @param gram of {@code d}
   */
  void follow(
      double[] x,
      double[] weights,
      int n,
      double[] d,
      double[] gram,
      LearnerState state,
      Workspace workspace) {
    Training training = workspace.object("unfolded", Training.class, Training::new);
    training.fit(this);
    if (moved(d, blocks.dictionary(state)) > move) {
      renew(d, gram, state, training.gram);
    }
    if (blocks.figures(state)[LayerState.LIPSCHITZ] > 0) {
      train(x, weights, n, state, training, workspace);
    }
  }

  /** One step of Adam; where it does not end in finite numbers, layers are as ISTA's again. */
  private void train(
      double[] x,
      double[] weights,
      int n,
      LearnerState state,
      Training training,
      Workspace workspace) {
    double[] d = blocks.dictionary(state);
    double[] gram = blocks.gram(state);
    int atoms = atoms(gram);
    int m = d.length / atoms;
    double[] xx = workspace.atLeast("unfolded.xx", n);
    double size = 0;
    for (int r = 0; r < n; r++) {
      xx[r] = Vectors.dot(x, r * m, x, r * m, m);
      size += xx[r] / n;
    }
    // All is trained in the unit of lambda, so that no constant of Adam has one of its own.
    double unit = lambda > 0 ? lambda : size > 0 ? Math.sqrt(size) : 1;
    for (int r = 0; r < n; r++) {
      xx[r] /= unit * unit;
    }
    double[] c = workspace.atLeast("unfolded.c", n * atoms);
    Kernels kernels = workspace.kernels(backend);
    kernels.gemm(
        1 / unit,
        kernels.left(x, n, m),
        kernels.right(d, atoms, m).transposed(),
        0,
        kernels.into(c, n, atoms));
    training.gram.aim(atoms, gram);
    training.loss.aim(training.gram, c, xx, null, weights, n);
    OptimizerRun run = training.run;
    blocks.load(state, run);
    double[] figures = blocks.figures(state);
    double[] theta = run.theta();
    for (int i = theta.length / 2; i < theta.length; i++) {
      theta[i] /= unit;
    }
    // Adam's first steps are of full length whatever the gradient: layers that are good stay so.
    double warmth = Math.min(1, (figures[LayerState.STEPS] + 1) / WARM_UP);
    run.step(training.loss, warmth * rate / figures[LayerState.LIPSCHITZ]);
    for (int i = theta.length / 2; i < theta.length; i++) {
      theta[i] *= unit;
    }
    for (int i = 0; i < theta.length; i++) {
      // A negative step would climb, and a negative threshold is none.
      theta[i] = Math.max(theta[i], 0);
    }
    if (blocks.store(run, state)) {
      figures[LayerState.LOSS] = training.loss.lastValue() * unit * unit;
    } else {
      blocks.restart(state);
      network.start(figures[LayerState.LIPSCHITZ], lambda, blocks.theta(state));
    }
  }

  /** How far the dictionary is from the one that the layers are trained for, as a share of that. */
  private static double moved(double[] now, double[] then) {
    double squares = 0;
    for (int i = 0; i < now.length; i++) {
      squares += (now[i] - then[i]) * (now[i] - then[i]);
    }
    // From nothing, any dictionary is infinitely far, and nothing is where it was.
    return squares == 0 ? 0 : Math.sqrt(squares / Vectors.dot(then, 0, then, 0, then.length));
  }

  /** Trains for the present dictionary from now on. */
  private void renew(double[] d, double[] gram, LearnerState state, Gram view) {
    System.arraycopy(d, 0, blocks.dictionary(state), 0, d.length);
    System.arraycopy(gram, 0, blocks.gram(state), 0, gram.length);
    double[] figures = blocks.figures(state);
    double[] theta = blocks.theta(state);
    double before = figures[LayerState.LIPSCHITZ];
    double bound = view.aim(atoms(gram), gram).lipschitz();
    double now = bound == 0 ? 0 : bound + network.lambda2();
    if (now > 0 && before > 0) {
      for (int i = 0; i < theta.length; i++) {
        theta[i] *= before / now;
      }
    } else if (now > 0) {
      network.start(now, lambda, theta);
    }
    figures[LayerState.LIPSCHITZ] = now;
    blocks.restart(state);
  }

  private static int atoms(double[] gram) {
    return (int) Math.round(Math.sqrt(gram.length));
  }

  /** Scratch of a step: for one trainer at a time. Not thread-safe. */
  private static final class Training {
    final Gram gram = new Gram();
    LayerTrainer trainer;
    UnfoldedLoss loss;
    OptimizerRun run;

    void fit(LayerTrainer to) {
      if (trainer != to) {
        trainer = to;
        loss = new UnfoldedLoss(to.network, to.lambda > 0 ? 1 : 0);
        int parameters = to.network.layout().size();
        run = new OptimizerRun(to.optimizer, to.network.layout(), new double[parameters], 0);
      }
    }
  }
}
