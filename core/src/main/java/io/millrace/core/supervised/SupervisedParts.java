package io.millrace.core.supervised;

import io.millrace.core.ConfigException;
import io.millrace.core.catalog.Optimizers;
import io.millrace.core.catalog.Schedules;
import io.millrace.core.compute.Backends;
import io.millrace.core.compute.ComputeBackend;
import io.millrace.core.features.InputSpec;
import io.millrace.core.learn.LossLevel;
import io.millrace.core.model.Architecture;
import io.millrace.core.model.Loss;
import io.millrace.core.model.LossSpec;
import io.millrace.core.model.Losses;
import io.millrace.core.model.Models;
import io.millrace.core.optim.Oracle;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.Schedule;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.scaling.FeatureScaler;
import io.millrace.core.scaling.Scaling;
import io.millrace.core.state.StateSchema;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The parts of a supervised learner, made from options and checked. Makes the scratch space too.
 *
 * @param lossLevel place of the block of a {@link LossLevel} in the state; -1: the loss needs none
 * @param labelScale place of the block of a {@link LabelScale}; -1: the loss needs none
 * @param records form of what is kept about each feature that a key has seen; null: it holds all
 */
record SupervisedParts(
    SupervisedOptions options,
    Loss loss,
    Architecture architecture,
    Optimizers.Configured configured,
    Schedule schedule,
    ParamLayout layout,
    FeatureBlocks blocks,
    SlotTable slots,
    FeatureScaler scaler,
    int lossLevel,
    int labelScale,
    StateSchema schema,
    RecordForm records,
    ComputeBackend compute) {
  /** Name of the table of a sparse state. */
  static final String FEATURES = "features";

  /**
   * What a sparse state draws start values with, where they are drawn: at {@link #DRAWS} 1, or 0 in
   * a state that is only to read with, and at {@link #KEY} the key of its stream.
   */
  static final String STREAM = "stream";

  static final int DRAWS = 0;
  static final int KEY = 1;

  /** How many features a sparse state has forgotten. */
  static final String FORGOTTEN = "forgotten";

  private static final String LOSS_LEVEL = "loss-level";
  private static final String LABEL_SCALE = "label-scale";

  /**
   * Parts as configured.
   *
   * @throws ConfigException listing every fault
   */
  static SupervisedParts of(SupervisedOptions options) {
    return build(options, null);
  }

  /** The same under other hyperparameters; schema and slots are kept. */
  SupervisedParts with(Map<String, Double> hyperparameters) {
    return build(options.withHyperparameters(hyperparameters), this);
  }

  SupervisedScratch newScratch() {
    return new SupervisedScratch(this);
  }

  /** Whether a step works on {@link TouchedArrays}. */
  boolean packs() {
    return !options.input().dense() && configured.optimizer().sparse() != SparseSupport.DENSE_ONLY;
  }

  /** Whether there is a sparse form of such a learner's state. */
  private static boolean canBeSparse(SupervisedOptions o, Optimizers.Configured configured) {
    return !o.input().dense() && configured.optimizer().sparse() != SparseSupport.DENSE_ONLY;
  }

  /** Whether a key holds only what it has seen. */
  private static boolean sparse(SupervisedOptions o, Optimizers.Configured configured) {
    return switch (o.form()) {
      case DENSE -> false;
      case SPARSE -> true;
      case AUTO ->
          canBeSparse(o, configured)
              && (o.input().width() >= StateForm.LEAST_SPARSE_WIDTH || o.maxFeatures() > 0);
    };
  }

  private static SupervisedParts build(SupervisedOptions o, SupervisedParts old) {
    List<String> faults = new ArrayList<>();
    Loss loss = collect(faults, () -> loss(o));
    ComputeBackend compute = collect(faults, () -> Backends.select(o.backend()).backend());
    Architecture architecture =
        loss == null ? null : collect(faults, () -> Models.make(o.model(), loss));
    Optimizers.Configured configured =
        collect(faults, () -> Optimizers.configure(o.optimizer(), o.hyperparameters()));
    Schedule schedule =
        collect(
            faults,
            () ->
                Schedules.spec(o.schedule())
                    .build(
                        configured == null ? 1 : configured.learningRate(),
                        o.scheduleParameters()));
    faults.addAll(o.batchScaling().faults(o.hyperparameters()));
    if (architecture != null && configured != null) {
      Set<Oracle> offered = offered(o, loss, architecture);
      if (!offered.containsAll(configured.optimizer().needs())) {
        faults.add(
            "model.kind '"
                + o.model().kind()
                + "' with model.loss '"
                + o.loss()
                + "' and "
                + (o.input().dense() ? "dense" : "sparse")
                + " features offers "
                + offered
                + "; optimizer '"
                + o.optimizer()
                + "' needs "
                + configured.optimizer().needs()
                + "; use another optimizer, model or loss");
      }
    }
    if (configured != null && o.form() == StateForm.SPARSE && !canBeSparse(o, configured)) {
      faults.add(noSparseForm(o));
    }
    if (configured != null
        && o.maxFeatures() > 0
        && (o.form() == StateForm.DENSE || !canBeSparse(o, configured))) {
      faults.add(
          "state.max-features = "
              + o.maxFeatures()
              + "; must be none where a key holds all features: "
              + (o.form() == StateForm.DENSE ? "state.form is dense" : noSparseForm(o)));
    }
    if (old != null
        && old.records != null
        && configured != null
        && configured.optimizer().sparse() == SparseSupport.DENSE_ONLY) {
      faults.add(
          "these hyperparameters of '"
              + o.optimizer()
              + "' mix coordinates, and a key holds only those it has seen; start the job anew with"
              + " them, or with state.form dense");
    }
    long parameters = architecture == null ? 0 : parameters(architecture, o.input().width());
    if ((double) parameters * Double.BYTES > StateSchema.MAX_BYTES) {
      faults.add(tooLarge(o, (double) parameters * Double.BYTES));
    }
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
    return assemble(o, old, loss, architecture, configured, schedule, compute);
  }

  /** Questions about a mini-batch that the model answers. */
  private static Set<Oracle> offered(SupervisedOptions o, Loss loss, Architecture architecture) {
    Set<Oracle> offered = EnumSet.of(Oracle.VALUE, Oracle.GRADIENT, Oracle.PER_SAMPLE_GRADIENT);
    if (loss.curved()) {
      offered.add(Oracle.HESSIAN_VECTOR);
    }
    if (o.input().dense()) {
      offered.add(Oracle.STORED_SAMPLE);
    }
    if (architecture.layered()) {
      offered.add(Oracle.LAYER);
      if (loss.curved()) {
        offered.add(Oracle.LAYER_CURVATURE);
      }
    }
    return offered;
  }

  private static long parameters(Architecture architecture, int width) {
    try {
      long sum = 0;
      for (Architecture.Tensor t : architecture.tensors(width)) {
        sum = Math.addExact(sum, t.size());
      }
      return sum;
    } catch (ArithmeticException e) { // more than a long counts is more than is allowed
      return Long.MAX_VALUE;
    }
  }

  /**
   * Puts checked parts together.
   *
   * @param old whose schema is kept, null: none
   */
  static SupervisedParts assemble(
      SupervisedOptions o,
      SupervisedParts old,
      Loss loss,
      Architecture architecture,
      Optimizers.Configured configured,
      Schedule schedule,
      ComputeBackend compute) {
    int width = o.input().width();
    ParamLayout layout = architecture.layout(width);
    SlotTable slots = new SlotTable(configured.optimizer(), layout);
    FeatureBlocks blocks = new FeatureBlocks(architecture, width);
    boolean sparse = old == null ? sparse(o, configured) : old.records != null;
    FeatureScaler scaler =
        o.scaling() == Scaling.NONE
            ? null
            : new FeatureScaler(o.input().dense(), width, o.scaling().window(), 1 + slots.count());
    RecordForm records =
        sparse
            ? new RecordForm(architecture, blocks, slots, configured.optimizer(), scaler != null)
            : null;
    StateSchema.Builder builder = blocks(o, loss, configured, slots, scaler, layout, records);
    if (builder.totalBytes() > StateSchema.MAX_BYTES) {
      throw new ConfigException(tooLarge(o, builder.totalBytes()));
    }
    StateSchema schema = builder.build();
    if (old != null && !old.schema.equals(schema)) {
      throw new ConfigException(
          "these hyperparameters of '"
              + o.optimizer()
              + "' need the state blocks "
              + schema
              + ", the running learner has "
              + old.schema
              + "; start the job anew with them");
    }
    return new SupervisedParts(
        o,
        loss,
        architecture,
        configured,
        o.batchScaling().over(schedule),
        old == null ? layout : old.layout,
        blocks,
        old == null ? slots : old.slots,
        scaler,
        schema.indexOf(LOSS_LEVEL),
        schema.indexOf(LABEL_SCALE),
        old == null ? schema : old.schema,
        records,
        compute);
  }

  /**
   * The blocks of a state.
   *
   * @param records null: of the dense form
   */
  private static StateSchema.Builder blocks(
      SupervisedOptions o,
      Loss loss,
      Optimizers.Configured configured,
      SlotTable slots,
      FeatureScaler scaler,
      ParamLayout layout,
      RecordForm records) {
    int parameters = records == null ? layout.size() : records.tail();
    StateSchema.Builder builder = new StateSchema.Builder().block("theta", parameters);
    slots.declare(builder, parameters);
    if (records != null) {
      builder.table(FEATURES, records.width()).block(FORGOTTEN, 1);
      if (records.drawn()) {
        builder.block(STREAM, StateSchema.Type.LONGS, 2);
      }
    } else if (scaler != null) {
      scaler.declare(builder);
    }
    if (loss.steep()) {
      builder.block(LOSS_LEVEL, LossLevel.LENGTH);
    }
    if (loss.labelUnit() != Loss.LabelUnit.NONE && configured.optimizer().usesUnits()) {
      builder.block(LABEL_SCALE, LabelScale.LENGTH);
    }
    return builder;
  }

  /**
   * The same learner with its state in the other form, for states that were written so.
   *
   * @return null: there is no other form, or none that can be held
   */
  SupervisedParts inOtherForm() {
    boolean dense = records != null;
    if (!dense && !canBeSparse(options, configured)) {
      return null;
    }
    try {
      return of(options.withForm(dense ? StateForm.DENSE : StateForm.SPARSE));
    } catch (ConfigException e) {
      return null; // dense, and larger than a key may be: nobody has written such a state
    }
  }

  private static String noSparseForm(SupervisedOptions o) {
    return "state.form = sparse; must be auto or dense: it takes sparse or named features (these are"
        + " "
        + (o.input().dense() ? "dense" : "sparse")
        + "), and an optimizer that does not mix coordinates ('"
        + o.optimizer()
        + "'; see docs/catalog.md)";
  }

  static Loss loss(SupervisedOptions o) {
    LossSpec spec = Losses.spec(o.loss());
    List<String> faults = new ArrayList<>();
    InputSpec input = o.input();
    if (input.target() != spec.target()) {
      faults.add(
          "model.loss = "
              + spec.id()
              + "; its labels are "
              + spec.target()
              + ", the input declares "
              + input.target());
    }
    int classes = input.classes().size();
    if (classes > spec.maxClasses()) {
      faults.add(
          "model.classes = "
              + input.classes()
              + "; loss '"
              + spec.id()
              + "' takes "
              + (spec.maxClasses() == 0 ? "none" : spec.maxClasses() + "; use 'softmax'"));
    }
    double parameter = o.lossParameter();
    if (spec.parameter() == null) {
      if (!Double.isNaN(parameter)) {
        faults.add(
            "model.loss-parameter = "
                + parameter
                + "; loss '"
                + spec.id()
                + "' has none; remove it");
      }
    } else if (Double.isNaN(parameter)) {
      parameter = spec.parameter().def();
    } else if (!spec.parameter().range().contains(parameter)) {
      faults.add(
          "model.loss-parameter = "
              + parameter
              + "; must lie in "
              + spec.parameter().range()
              + " for loss '"
              + spec.id()
              + "'");
    }
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
    return spec.make().make(classes, parameter);
  }

  private static String tooLarge(SupervisedOptions o, double bytes) {
    return StateSchema.tooLarge(bytes)
        + ", model and slots of optimizer '"
        + o.optimizer()
        + "' taken together; use fewer features.hash-bits or classes, a smaller model, or an"
        + " optimizer that keeps less (a smaller window, rank or size)";
  }

  private static <T> T collect(List<String> faults, Supplier<T> make) {
    try {
      return make.get();
    } catch (ConfigException e) {
      faults.addAll(e.faults()); // reported together with the others
      return null;
    }
  }
}
