package io.millrace.client;

import io.millrace.core.ConfigException;
import io.millrace.core.catalog.Learners;
import io.millrace.core.compute.Workspace;
import io.millrace.core.features.FeatureEncoder;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.Outcome;
import io.millrace.core.learner.LearnerSetup;
import io.millrace.core.learner.LearnerSpec;
import io.millrace.core.model.Losses;
import io.millrace.core.model.ModelOptions;
import io.millrace.core.scaling.Scaling;
import io.millrace.core.spec.Choice;
import io.millrace.core.spec.Hyper;
import io.millrace.core.state.LearnerState;
import io.millrace.core.supervised.StateForm;
import io.millrace.core.supervised.SupervisedLearner;
import io.millrace.core.supervised.SupervisedOptions;
import io.millrace.schemas.DType;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.Provenance;
import io.millrace.schemas.Tensor;
import io.millrace.schemas.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** A learner that has seen some made-up rows, and its model as it would be published. */
public final class Trained {
  public static final int DIMENSION = 6;

  private static final List<String> NAMES = List.of("no", "yes", "may be");

  private static final Map<String, Integer> CLASSES =
      Map.of("logistic", 2, "hinge", 2, "softmax", 3);

  private final OnlineLearner learner;
  private final InputSpec input;
  private final LearnerState state;
  private final FeatureEncoder encoder;
  private final Workspace workspace = new Workspace();

  private Trained(OnlineLearner learner, InputSpec input) {
    this.learner = learner;
    this.input = input;
    state = new LearnerState(learner.schema());
    encoder = new FeatureEncoder(input);
    learner.initialize(state, "k");
  }

  /**
   * Learners without a gradient under every word that they take such features with; numbers far
   * above 20 are 20.
   */
  public static List<LearnerSetup> setups(InputSpec.Kind kind) {
    List<LearnerSetup> all = new ArrayList<>();
    for (LearnerSpec spec : Learners.ALL) {
      for (int classes : new int[] {2, 3}) {
        InputSpec.Target target = spec.targets().get(0);
        boolean named = target == InputSpec.Target.CLASS;
        List<String> names = named ? NAMES.subList(0, classes) : List.of();
        LearnerSetup base =
            LearnerSetup.of(spec.id(), new InputSpec(kind, DIMENSION, 8, target, names, 1000))
                .withHyperparameters(
                    spec.hypers().stream()
                        .filter(h -> h.range().integer() && h.def() > 20)
                        .collect(
                            Collectors.toMap(Hyper::name, h -> Math.max(h.range().low(), 20))));
        all.add(base);
        for (Choice c : spec.choices()) {
          c.values().stream().skip(1).forEach(w -> all.add(base.withWords(Map.of(c.name(), w))));
        }
      }
    }
    all.removeIf(s -> !takes(s));
    return all;
  }

  private static boolean takes(LearnerSetup setup) {
    try {
      Learners.make(setup);
      return true;
    } catch (ConfigException e) {
      return false;
    }
  }

  /** Learns rows as given, with labels that follow from them. */
  public static Trained on(
      LearnerSetup setup, int rows, Supplier<double[]> row, ToDoubleFunction<double[]> label) {
    Trained t = new Trained(Learners.make(setup), setup.input());
    Rows batch = t.encoder.newRows();
    for (int i = 0; i < rows; i++) {
      double[] x = row.get();
      batch.clear();
      t.add(batch, x, label.applyAsDouble(x));
      t.learner.learn(batch, t.state, "k", t.workspace);
    }
    return t;
  }

  /** Learns 300 rows of six columns, none of them negative. */
  public static Trained on(LearnerSetup setup) {
    Trained t = new Trained(Learners.make(setup), setup.input());
    int classes = Math.max(1, setup.input().classes().size());
    Random random = new Random(7);
    Rows rows = t.encoder.newRows();
    for (int i = 0; i < 300; i++) {
      double[] x = notNegative(row(random, Scaling.NONE));
      boolean labelled = setup.input().target() != InputSpec.Target.NONE;
      rows.clear();
      t.add(rows, x, labelled ? (int) (x[0] + x[1]) % classes : Double.NaN);
      t.learner.learn(rows, t.state, "k", t.workspace);
    }
    return t;
  }

  /** Sizes of numbers. */
  public static double[] notNegative(double[] x) {
    return Arrays.stream(x).map(Math::abs).toArray();
  }

  /** Learns 300 rows of six columns on very different scales, one of them constant. */
  public static Trained on(InputSpec.Kind kind, String loss, Scaling scaling) {
    return on(kind, ModelOptions.linear(), loss, scaling);
  }

  /** The kinds of models there are; of a network every activation. */
  public static List<ModelOptions> models() {
    return List.of(
        ModelOptions.linear(),
        ModelOptions.mlp("relu", 5),
        ModelOptions.mlp("tanh", 4, 3),
        ModelOptions.mlp("gelu", 4, 3),
        new ModelOptions("fm", List.of(), "", 3, 20));
  }

  /** As above, with another model. */
  public static Trained on(InputSpec.Kind kind, ModelOptions model, String loss, Scaling scaling) {
    List<String> classes = NAMES.subList(0, CLASSES.getOrDefault(loss, 0));
    InputSpec input = new InputSpec(kind, DIMENSION, 8, Losses.spec(loss).target(), classes, 1000);
    boolean sparse = kind != InputSpec.Kind.DENSE && model.kind().equals("linear");
    SupervisedOptions options =
        SupervisedOptions.of(input, loss, "sgd", Map.of("learning-rate", 0.02))
            .withModel(model)
            .withScaling(scaling)
            .withForm(sparse ? StateForm.SPARSE : StateForm.DENSE);
    Trained t = new Trained(new SupervisedLearner(options), input);
    Random random = new Random(7);
    Rows rows = t.encoder.newRows();
    for (int i = 0; i < 300; i++) {
      double[] x = row(random, scaling);
      double sum = Arrays.stream(x).limit(3).sum();
      double y = classes.isEmpty() ? Math.abs(sum) / 10 : Math.floorMod((int) sum, classes.size());
      rows.clear();
      t.add(rows, x, y);
      t.learner.learn(rows, t.state, "k", t.workspace);
    }
    return t;
  }

  /** Made-up features; column 4 is always 2. */
  public static double[] row(Random random, Scaling scaling) {
    double[] x = new double[DIMENSION];
    for (int j = 0; j < DIMENSION; j++) {
      double scale = scaling == Scaling.NONE ? 1 : Math.pow(10, j - 2);
      x[j] = random.nextInt(3) == 0 ? 0 : (float) (random.nextGaussian() * scale);
    }
    x[4] = 2;
    return x;
  }

  /** The same features by name: numbers, and a category made of the last column's sign. */
  public static Map<String, Object> named(double[] x) {
    Map<String, Object> m = new TreeMap<>();
    for (int j = 0; j < DIMENSION - 1; j++) {
      m.put("x" + j, x[j]);
    }
    m.put("größe", x[DIMENSION - 1] > 0 ? "groß" : "klein");
    return m;
  }

  private void add(Rows rows, double[] x, double y) {
    if (input.kind() == InputSpec.Kind.NAMED) {
      encoder.add(rows, named(x), y, 1);
    } else {
      encoder.add(rows, x, y, 1);
    }
  }

  /** What the learner itself says. */
  public double[] predict(double[] x) {
    Rows rows = encoder.newRows();
    add(rows, x, Double.NaN);
    Outcome out = new Outcome();
    learner.predict(rows, 0, state, out, workspace);
    return Arrays.copyOf(out.scores, out.scoreCount);
  }

  /** What the job would publish. */
  public ModelSnapshot publish(DType dtype) {
    return snapshot(learner, state, "learn", dtype, workspace);
  }

  /** What a job of that family would publish of a learner. */
  static ModelSnapshot snapshot(
      OnlineLearner learner, LearnerState state, String family, DType dtype, Workspace workspace) {
    Map<String, String> config = new TreeMap<>();
    List<Tensor> tensors = new ArrayList<>();
    learner.publish(
        state,
        new ModelWriter() {
          @Override
          public void config(String name, String value) {
            config.put(name, value);
          }

          @Override
          public void tensor(String name, int[] shape, double[] data) {
            tensors.add(Tensors.of(name, shape, data, dtype));
          }

          @Override
          public void exact(String name, int[] shape, double[] data) {
            tensors.add(Tensors.of(name, shape, data, DType.F64));
          }

          @Override
          public void rows(String name, int[] shape, int[] rows, double[] data) {
            tensors.add(Tensors.ofRows(name, shape, rows, data, dtype));
          }

          @Override
          public void exactRows(String name, int[] shape, int[] rows, double[] data) {
            tensors.add(Tensors.ofRows(name, shape, rows, data, DType.F64));
          }
        },
        workspace);
    return new ModelSnapshot(
        "k",
        1L,
        3L,
        Snapshots.TIME,
        family,
        config,
        tensors,
        Map.of("examples", 300L),
        Map.of("loss", 0.5),
        List.of(),
        new Provenance(learner.algorithm(), 1, Map.of(), 0L, "scalar", "test", 1L, ""));
  }
}
