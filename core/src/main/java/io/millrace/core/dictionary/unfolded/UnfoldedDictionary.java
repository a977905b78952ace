package io.millrace.core.dictionary.unfolded;

import io.millrace.core.ConfigException;
import io.millrace.core.catalog.Optimizers;
import io.millrace.core.compute.ComputeBackend;
import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.Vectors;
import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.CodeMeasures;
import io.millrace.core.dictionary.DictionaryMethod;
import io.millrace.core.dictionary.Gram;
import io.millrace.core.dictionary.MethodSettings;
import io.millrace.core.dictionary.MethodSpec;
import io.millrace.core.dictionary.SparseCoder;
import io.millrace.core.dictionary.coder.LassoCoder;
import io.millrace.core.dictionary.online.OnlineDictionary;
import io.millrace.core.learn.Figures;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.rng.Draws;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateException;
import io.millrace.core.state.StateSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Online dictionary learning whose readers code by an unfolded coder: the dictionary is learned by
 * {@link OnlineDictionary} with codes of the configured lasso coder; after each of its steps, Adam
 * takes one on the {@link UnfoldedIsta} layers, with the same batch and without labels, on the
 * lasso's objective. Codes of signals then cost T layers, however hard the signal.
 *
 * <p>Rule without labels: Kawano, Wadayama et al., "Comparison between Supervised and Unsupervised
 * Learning in Deep Unfolded Sparse Signal Recovery". The layers are trained for a dictionary that
 * stands still, a copy kept in the state. Once the one being learned has moved from it by more than
 * a set share ({@code ||D - D'||_F / ||D'||_F}), the copy is renewed, steps and thresholds are
 * scaled by the ratio of the two bounds of the largest eigenvalue, and Adam starts anew. At first
 * the layers are steps of ISTA. Codes are those of the layers under the present dictionary, which
 * is what is published with them; the loss is theirs. A code that would be worse than zeros is
 * zeros.
 *
 * <p>Deviations from the papers: there the dictionary is given and does not move; here it is
 * learned beside the layers, which follow it as said. Layers have a step and a threshold each;
 * LISTA learns matrices too.
 *
 * <p>Memory beside {@link OnlineDictionary}: m K + K^2 + 6 T; per signal about 3 T K s flop at s
 * non-zeros a layer, plus 2 m K.
 */
public final class UnfoldedDictionary implements DictionaryMethod {
  private static final Hyper LAYERS =
      Hyper.structural("layers", 8, Range.integers(1, 1000), "T, layers of the unfolded coder");

  private static final Hyper RATE =
      new Hyper(
          "layer-rate",
          0.03,
          Range.positive(),
          "learning rate of steps and thresholds, in parts of those of ISTA");

  private static final Hyper KEEP =
      new Hyper(
          "entries-kept",
          0,
          Range.integers(0, 1e9),
          "non-zeros that every layer keeps instead of a threshold; 0: thresholds");

  private static final Hyper MOVE =
      new Hyper(
          "retrain-move",
          0.05,
          Range.nonNegative(),
          "training starts anew once the dictionary has moved by more than this share");

  public static final MethodSpec SPEC =
      new MethodSpec(
          "unfolded",
          new Source(
              "Comparison between Supervised and Unsupervised Learning in Deep Unfolded Sparse"
                  + " Signal Recovery; Gregor, LeCun, Learning Fast Approximations of Sparse Coding,"
                  + " ICML 2010",
              Source.Confidence.DERIVED),
          true,
          false,
          OnlineDictionary.SPEC.choices(),
          UnfoldedDictionary::hypers,
          UnfoldedDictionary::new);

  private static final String TENSOR = "layers";

  private final DictionaryMethod inner;
  private final SparseCoder coder;
  private final ComputeBackend backend;
  private final UnfoldedIsta network;
  private final LayerState blocks;
  private final LayerTrainer trainer;
  private final int dimension;
  private final int atoms;
  private final boolean hard;

  private UnfoldedDictionary(MethodSettings s) {
    HyperValues v = s.values();
    if (!(s.coder() instanceof LassoCoder lasso)) {
      throw new ConfigException(
          "dictionary.coder = '"
              + s.coder().id()
              + "'; method 'unfolded' trains on the objective of a lasso coder; choose one that has"
              + " a lambda");
    }
    inner = OnlineDictionary.SPEC.make().apply(s);
    coder = s.coder();
    backend = s.backend();
    dimension = s.dimension();
    atoms = s.atoms();
    hard = v.get(KEEP) > 0;
    network =
        new UnfoldedIsta(
            (int) v.get(LAYERS),
            lasso.problem().lambda2(),
            lasso.problem().nonNegative(),
            (int) v.get(KEEP));
    Optimizer adam = Optimizers.configure("adam", Map.of()).optimizer();
    blocks =
        new LayerState(inner.schema(), atoms * dimension, atoms * atoms, adam, network.layout());
    double lambda = hard ? 0 : lasso.problem().lambda();
    trainer = new LayerTrainer(network, lambda, adam, v.get(RATE), v.get(MOVE), blocks, backend);
  }

  private static List<Hyper> hypers(int dimension) {
    List<Hyper> all = new ArrayList<>(OnlineDictionary.SPEC.hypers().apply(dimension));
    all.addAll(List.of(LAYERS, RATE, KEEP, MOVE));
    return all;
  }

  @Override
  public String id() {
    return SPEC.id();
  }

  /** The layers' blocks are as they were at first; those of the dictionary have their version. */
  @Override
  public int stateVersion() {
    return inner.stateVersion();
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public int atoms() {
    return atoms;
  }

  @Override
  public StateSchema schema() {
    return blocks.schema();
  }

  @Override
  public void initialize(LearnerState state, Draws draws) {
    inner.initialize(state, draws);
    blocks.figures(state)[LayerState.LOSS] = Double.NaN;
    blocks.figures(state)[LayerState.OBJECTIVE] = Double.NaN;
    trainer.begin(dictionary(state), gram(state), state);
  }

  /** Codes by the layers. */
  @Override
  public void encode(
      double[] x,
      int n,
      LearnerState state,
      double[] codes,
      double[] objectives,
      Workspace workspace) {
    double[] c = workspace.atLeast("unfolded.c", n * atoms);
    Kernels kernels = workspace.kernels(backend);
    kernels.gemm(
        1,
        kernels.left(x, n, dimension),
        kernels.right(dictionary(state), atoms, dimension).transposed(),
        0,
        kernels.into(c, n, atoms));
    double[] theta = blocks.theta(state);
    int activations = network.layers() * atoms;
    double[] q = workspace.array("unfolded.q", activations);
    double[] a = workspace.array("unfolded.a", activations);
    Gram gram = workspace.object("unfolded.gram", Gram.class, Gram::new).aim(atoms, gram(state));
    for (int r = 0; r < n; r++) {
      int at = r * atoms;
      network.forward(theta, gram, c, at, q, a);
      System.arraycopy(a, activations - atoms, codes, at, atoms);
      double xx = Vectors.dot(x, r * dimension, x, r * dimension, dimension);
      objectives[r] =
          hard
              ? 0.5 * CodeMeasures.residual(gram, c, at, xx, codes, at)
              : CodeMeasures.objective(coder, gram, c, at, xx, codes, at);
      if (!(objectives[r] <= 0.5 * xx)) {
        Arrays.fill(codes, at, at + atoms, 0);
        objectives[r] = 0.5 * xx;
      }
    }
  }

  @Override
  public boolean step(
      double[] x, double[] weights, int n, LearnerState state, Draws draws, Workspace workspace) {
    double[] objectives = workspace.atLeast("unfolded.objectives", n);
    encode(x, n, state, workspace.atLeast("unfolded.codes", n * atoms), objectives, workspace);
    if (!inner.step(x, weights, n, state, draws, workspace)) {
      return false;
    }
    double sum = 0;
    for (int r = 0; r < n; r++) {
      sum += objectives[r];
    }
    // Signals that only became atoms have no codes.
    boolean coded = !Double.isNaN(inner.objective(state));
    blocks.figures(state)[LayerState.OBJECTIVE] = coded ? sum / n : Double.NaN;
    trainer.follow(x, weights, n, dictionary(state), gram(state), state, workspace);
    return true;
  }

  private static double[] dictionary(LearnerState state) {
    return state.block("dictionary");
  }

  private static double[] gram(LearnerState state) {
    return state.block("gram");
  }

  /** The dictionary and {@code layers} [2 x T]: steps, then thresholds. */
  @Override
  public void publish(LearnerState state, ModelWriter out, Workspace workspace) {
    inner.publish(state, out, workspace);
    out.tensor(TENSOR, new int[] {2, network.layers()}, blocks.theta(state));
  }

  /** Layers of a model without any are steps of ISTA. */
  @Override
  public void warmStart(LearnerState state, PublishedModel from) {
    inner.warmStart(state, from);
    trainer.begin(dictionary(state), gram(state), state);
    if (from.tensors().containsKey(TENSOR)) {
      double[] theta = from.tensor(TENSOR, 2, network.layers());
      for (double v : theta) {
        if (!(v >= 0 && v < Double.POSITIVE_INFINITY)) {
          throw new StateException(
              "tensor '"
                  + TENSOR
                  + "' of the model holds "
                  + v
                  + "; steps and thresholds must be finite and at least 0");
        }
      }
      System.arraycopy(theta, 0, blocks.theta(state), 0, theta.length);
    }
  }

  /** That of the layers' codes, which are the ones published. */
  @Override
  public double objective(LearnerState state) {
    return blocks.figures(state)[LayerState.OBJECTIVE];
  }

  /**
   * Those of the dictionary, the objective of the codes that it was learned by, then what the
   * layers' training has made of the last batch and how often it started anew.
   */
  @Override
  public void figures(LearnerState state, Figures out) {
    inner.figures(state, out);
    double[] figures = blocks.figures(state);
    out.figure("coderObjective", inner.objective(state));
    out.figure("layerObjective", figures[LayerState.LOSS]);
    out.figure("layerRestarts", figures[LayerState.RESTARTS]);
  }

  @Override
  public void reconstruct(LearnerState state, double[] code, int codeOffset, double[] x, int at) {
    inner.reconstruct(state, code, codeOffset, x, at);
  }
}
