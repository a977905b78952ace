package io.millrace.core.supervised;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.catalog.Optimizers;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.compute.Workspace;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.learn.Outcome;
import io.millrace.core.learn.StepOutcome;
import io.millrace.core.model.Loss;
import io.millrace.core.model.Models;
import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.Oracle;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.optim.StepContext;
import io.millrace.core.scaling.Scaling;
import io.millrace.core.spec.Source;
import io.millrace.core.state.LearnerState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the interface allows and no optimizer of the catalogue does yet: publishing another point,
 * slots that are not one double per parameter, no sparse steps, curvature, draws.
 */
class UnusualOptimizersTest {
  private static final int WIDTH = 9;
  private static final int CLASSES = 3;

  /** Gradient descent that publishes twice the sum of its steps and counts steps in a slot. */
  private record Leaping(SparseSupport sparse) implements Optimizer {
    @Override
    public Set<Oracle> needs() {
      return Set.of(Oracle.GRADIENT, Oracle.VALUE);
    }

    @Override
    public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
      slots.elementwise("sum");
      slots.block("tally", 2);
    }

    @Override
    public void initialize(double[] theta, Slots slots) {
      slots.get("tally")[1] = theta.length;
    }

    @Override
    public void step(Objective f, double[] theta, Slots slots, StepContext context) {
      double[] g = context.workspace().array("g", theta.length);
      f.gradient(theta, g);
      slots.get("tally")[0] += 1 + 0 * f.value(theta) + 0 * context.draws().uniform(3);
      for (int i = 0; i < theta.length; i++) {
        theta[i] -= context.learningRate() * g[i];
        slots.get("sum")[i] -= context.learningRate() * g[i];
      }
    }

    @Override
    public void publish(double[] theta, Slots slots, double[] out) {
      for (int i = 0; i < theta.length; i++) {
        out[i] = 2 * slots.get("sum")[i];
      }
    }

    @Override
    public boolean publishesAnotherPoint() {
      return true;
    }
  }

  private static SupervisedLearner learner(Optimizer optimizer, Scaling scaling) {
    InputSpec input =
        new InputSpec(
            InputSpec.Kind.SPARSE, WIDTH, 0, InputSpec.Target.CLASS, List.of("a", "b", "c"), 100);
    SupervisedOptions options =
        SupervisedOptions.of(input, "softmax", "test", Map.of()).withScaling(scaling);
    OptimizerSpec spec =
        new OptimizerSpec(
            "test",
            1,
            new Source("this test", Source.Confidence.DERIVED),
            0.1,
            List.of(),
            values -> optimizer);
    Loss loss = SupervisedParts.loss(options);
    return new SupervisedLearner(
        SupervisedParts.assemble(
            options,
            null,
            loss,
            Models.make(options.model(), loss),
            new Optimizers.Configured(spec, optimizer, 0.1, Map.of()),
            step -> 0.1,
            ScalarBackend.INSTANCE));
  }

  private static Rows rows(int n, Random random) {
    Rows rows = new Rows(false);
    for (int r = 0; r < n; r++) {
      rows.beginRow();
      for (int c = 0; c < 4; c++) {
        rows.add(random.nextInt(WIDTH), random.nextGaussian());
      }
      rows.endRow(random.nextInt(CLASSES), 1);
    }
    return rows;
  }

  @ParameterizedTest
  @EnumSource(SparseSupport.class)
  void predictsAndPublishesAtThePointTheOptimizerNames(SparseSupport support) {
    SupervisedLearner learner = learner(new Leaping(support), Scaling.NONE);
    LearnerState state = new LearnerState(learner.schema());
    learner.initialize(state, "k");
    Random random = new Random(2);
    Workspace workspace = new Workspace();
    for (int t = 0; t < 20; t++) {
      assertThat(learner.learn(rows(1 + t % 2, random), state, "k", workspace))
          .isEqualTo(StepOutcome.LEARNED);
    }
    assertThat(state.block("slot.tally")).containsExactly(20, (WIDTH + 1) * CLASSES);
    double[] theta = state.block("theta"); // from zero, so theta is the sum of the steps
    Outcome out = new Outcome();
    Rows rows = rows(5, random);
    for (int r = 0; r < rows.count(); r++) {
      learner.predict(rows, r, state, out, workspace);
      for (int k = 0; k < CLASSES; k++) {
        double expected = 2 * theta[WIDTH * CLASSES + k];
        for (int c = rows.start(r); c < rows.end(r); c++) {
          expected += 2 * theta[rows.index()[c] * CLASSES + k] * rows.value()[c];
        }
        assertThat(out.raw[k]).isCloseTo(expected, within(1e-12));
      }
    }
    Map<String, double[]> tensors = new HashMap<>();
    learner.publish(
        state,
        new ModelWriter() {
          @Override
          public void config(String name, String value) {
            assertThat(value).isNotNull();
          }

          @Override
          public void tensor(String name, int[] shape, double[] data) {
            tensors.put(name, data.clone());
          }
        },
        workspace);
    for (int i = 0; i < WIDTH * CLASSES; i++) {
      assertThat(tensors.get("weights")[i]).isEqualTo(2 * theta[i]);
    }
  }

  @Test
  void packedAndWholeStepsAgree() {
    SupervisedLearner packed = learner(new Leaping(SparseSupport.EXACT), Scaling.STANDARD);
    SupervisedLearner whole = learner(new Leaping(SparseSupport.DENSE_ONLY), Scaling.STANDARD);
    LearnerState a = new LearnerState(packed.schema());
    LearnerState b = new LearnerState(whole.schema());
    packed.initialize(a, "k");
    whole.initialize(b, "k");
    Random random = new Random(3);
    Workspace one = new Workspace();
    Workspace two = new Workspace();
    for (int t = 0; t < 50; t++) {
      Rows rows = rows(1 + t % 3, random);
      packed.learn(rows, a, "k", one);
      whole.learn(rows, b, "k", two);
    }
    for (int i = 0; i < a.schema().size(); i++) {
      for (int j = 0; j < a.schema().length(i); j++) {
        assertThat(a.block(i)[j]).isCloseTo(b.block(i)[j], within(1e-12));
      }
    }
  }

  @Test
  void oneWorkspaceMayServeAnotherLearnerLater() {
    Workspace workspace = new Workspace();
    Random random = new Random(4);
    for (SparseSupport support : SparseSupport.values()) {
      SupervisedLearner learner = learner(new Leaping(support), Scaling.NONE);
      LearnerState state = new LearnerState(learner.schema());
      learner.initialize(state, "k");
      assertThat(learner.learn(rows(2, random), state, "k", workspace))
          .isEqualTo(StepOutcome.LEARNED);
    }
  }
}
