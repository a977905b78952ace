package io.millrace.core.catalog;

import io.millrace.core.ConfigException;
import io.millrace.core.optim.ForwardingObjective;
import io.millrace.core.optim.GradientTransform;
import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.Oracle;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.ParamTransform;
import io.millrace.core.optim.Part;
import io.millrace.core.optim.PublishTransform;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.optim.StepContext;
import java.util.List;
import java.util.Set;

/**
 * An optimizer with parts around it: gradient transforms in the order given, parameter transforms
 * before or after the step as they declare, in the order given.
 */
final class Chain implements Optimizer {
  /** Scratch: the objective as the inner optimizer sees it. */
  private static final String OBJECTIVE = "chain.objective";

  /** Scratch: the point that the step begins at. */
  private static final String START = "chain.start";

  private final Optimizer inner;
  private final List<Part> parts;
  private final GradientTransform[] gradient;
  private final ParamTransform[] before;
  private final ParamTransform[] after;
  private final PublishTransform published;

  Chain(Optimizer inner, List<Part> parts) {
    this.inner = inner;
    this.parts = List.copyOf(parts);
    this.gradient =
        parts.stream()
            .filter(GradientTransform.class::isInstance)
            .toArray(GradientTransform[]::new);
    this.before = placed(ParamTransform.Place.BEFORE_STEP);
    this.after = placed(ParamTransform.Place.AFTER_STEP);
    this.published = published();
  }

  private PublishTransform published() {
    List<PublishTransform> found =
        parts.stream()
            .filter(PublishTransform.class::isInstance)
            .map(PublishTransform.class::cast)
            .toList();
    if (found.isEmpty()) {
      return null;
    }
    if (found.size() > 1 || inner.publishesAnotherPoint()) {
      throw new ConfigException(
          "optimizer: "
              + found.get(0).getClass().getSimpleName()
              + " around an optimizer that publishes a point of its own already; one of the two"
              + " may choose the published point; take the part away or use another optimizer");
    }
    return found.get(0);
  }

  private ParamTransform[] placed(ParamTransform.Place place) {
    return parts.stream()
        .filter(ParamTransform.class::isInstance)
        .map(ParamTransform.class::cast)
        .filter(p -> p.place() == place)
        .toArray(ParamTransform[]::new);
  }

  @Override
  public Set<Oracle> needs() {
    return inner.needs();
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    inner.declareSlots(layout, slots);
    parts.forEach(p -> p.declareSlots(layout, slots));
  }

  @Override
  public void initialize(double[] theta, Slots slots) {
    inner.initialize(theta, slots);
  }

  @Override
  public void step(Objective objective, double[] theta, Slots slots, StepContext context) {
    double[] from = null;
    if (published != null) {
      from = context.workspace().array(START, theta.length);
      System.arraycopy(theta, 0, from, 0, theta.length);
    }
    for (ParamTransform p : before) {
      p.apply(theta, slots, context);
    }
    if (gradient.length == 0) {
      inner.step(objective, theta, slots, context);
    } else {
      Transformed f = context.workspace().object(OBJECTIVE, Transformed.class, Transformed::new);
      f.aim(objective, gradient, slots, context);
      inner.step(f, theta, slots, context);
      f.aim(null, null, null, null);
    }
    for (ParamTransform p : after) {
      p.apply(theta, slots, context);
    }
    if (published != null) {
      published.stepped(from, theta, slots);
    }
  }

  @Override
  public void publish(double[] theta, Slots slots, double[] out) {
    inner.publish(theta, slots, out);
    if (published != null) {
      published.publish(out, slots);
    }
  }

  @Override
  public boolean usesUnits() {
    return inner.usesUnits();
  }

  @Override
  public boolean publishesAnotherPoint() {
    return published != null || inner.publishesAnotherPoint();
  }

  /** The weakest promise of all that take part. */
  @Override
  public SparseSupport sparse() {
    SparseSupport weakest = inner.sparse();
    for (Part p : parts) {
      weakest = p.sparse().compareTo(weakest) > 0 ? p.sparse() : weakest;
    }
    return weakest;
  }

  /** The objective as the inner optimizer sees it; one per subtask, aimed anew at every step. */
  private static final class Transformed extends ForwardingObjective {
    private Objective objective;
    private GradientTransform[] transforms;
    private Slots slots;
    private StepContext context;

    void aim(Objective f, GradientTransform[] with, Slots s, StepContext c) {
      objective = f;
      transforms = with;
      slots = s;
      context = c;
    }

    @Override
    protected Objective inner() {
      return objective;
    }

    @Override
    public void gradient(double[] theta, double[] out) {
      super.gradient(theta, out);
      transform(theta, out);
    }

    @Override
    public void sampleGradient(double[] theta, int sample, double[] out) {
      super.sampleGradient(theta, sample, out);
      transform(theta, out);
    }

    @Override
    public void storedGradient(double[] theta, double[] stored, int at, double[] out) {
      super.storedGradient(theta, stored, at, out);
      transform(theta, out);
    }

    private void transform(double[] theta, double[] out) {
      for (GradientTransform t : transforms) {
        t.apply(out, theta, slots, context);
      }
    }
  }
}
