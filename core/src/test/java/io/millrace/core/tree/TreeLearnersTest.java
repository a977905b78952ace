package io.millrace.core.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Workspace;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.Outcome;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.learn.StepOutcome;
import io.millrace.core.learner.EventLearner;
import io.millrace.core.learner.LearnerForm;
import io.millrace.core.learner.LearnerSetup;
import io.millrace.core.learner.LearnerSpec;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What learners over trees do beside the contract of all learners. */
class TreeLearnersTest {
  private static final int D = TreeRows.VALUES.length;

  private final TreeRows rows = new TreeRows();
  private final Workspace workspace = new Workspace();

  static List<LearnerSpec> specs() {
    return List.of(ClassTreeLearner.SPEC, RegressionTreeLearner.SPEC, ForestLearner.SPEC);
  }

  private static EventLearner learner(LearnerSpec spec, Map<String, Double> hypers) {
    boolean classes = spec.targets().contains(InputSpec.Target.CLASS);
    InputSpec input =
        new InputSpec(
            InputSpec.Kind.DENSE,
            D,
            1,
            spec.targets().get(0),
            classes ? List.of("a", "b", "c") : List.of(),
            100);
    return spec.make()
        .make(
            LearnerForm.of(
                spec,
                LearnerSetup.of(spec.id(), input)
                    .withFeatures(Map.of(3, 3), List.of("u", "v", "w", "kind"))
                    .withHyperparameters(hypers)));
  }

  private Rows row(EventLearner learner, int event) {
    rows.at(event);
    Rows batch = learner.newRows();
    batch.beginRow();
    for (double v : rows.x) {
      batch.add(v);
    }
    boolean number = learner.input().target() != InputSpec.Target.CLASS;
    batch.endRow(number ? rows.target : rows.y, 1);
    return batch;
  }

  private LearnerState learned(EventLearner learner, int events) {
    LearnerState state = new LearnerState(learner.schema());
    learner.initialize(state, "k");
    for (int e = 0; e < events; e++) {
      learner.learn(row(learner, e), state, "k", workspace);
    }
    return state;
  }

  /** Not near: equal. And the trees go on growing alike. */
  @ParameterizedTest
  @MethodSource("specs")
  void aPublishedModelGoesOnAsTheOneThatWasPublished(LearnerSpec spec) {
    EventLearner learner = learner(spec, Map.of("grace", 40.0, "max-bytes", 8192.0));
    LearnerState state = learned(learner, 3500);
    PublishedModel model = PublishedModel.of(learner, state, workspace);
    LearnerState other = new LearnerState(learner.schema());
    learner.initialize(other, "k");
    learner.warmStart(other, model);
    Outcome one = new Outcome();
    Outcome two = new Outcome();
    for (int e = 3500; e < 7000; e++) {
      learner.learnOne(row(learner, e), state, "k", one, workspace);
      learner.learnOne(row(learner, e), other, "k", two, workspace);
      assertThat(two.scores).as("event %d", e).isEqualTo(one.scores);
    }
    assertThat(other.bytes()).isEqualTo(state.bytes());
    assertThat(state.bytes()).isLessThanOrEqualTo(learner.mostBytes());
    PublishedModel grown = PublishedModel.of(learner, state, workspace);
    assertThat(numbers(grown)).isLessThanOrEqualTo(learner.publishedGrowth() / Double.BYTES);
  }

  private static long numbers(PublishedModel model) {
    return model.tensors().values().stream().mapToLong(t -> t.data().length).sum();
  }

  @ParameterizedTest
  @MethodSource("specs")
  void tensorsThatAreNoTreeAreRefused(LearnerSpec spec) {
    EventLearner learner = learner(spec, Map.of("grace", 40.0));
    PublishedModel model = PublishedModel.of(learner, learned(learner, 3000), workspace);
    int refused = 0;
    for (Map.Entry<String, PublishedModel.Tensor> t : model.tensors().entrySet()) {
      double[] data = t.getValue().data();
      if (!t.getKey().endsWith(".nodes")) {
        continue;
      }
      for (int i = 0; i < data.length; i++) {
        for (double wrong : new double[] {-2, 0.5, 1e9, Double.NaN}) {
          double[] damaged = data.clone();
          damaged[i] = wrong;
          Map<String, PublishedModel.Tensor> tensors = new TreeMap<>(model.tensors());
          tensors.put(t.getKey(), new PublishedModel.Tensor(t.getValue().shape(), damaged));
          PublishedModel other = new PublishedModel(model.config(), tensors);
          try {
            LearnerState read = learner.read(other, 1L << 30);
            learner.predict(row(learner, i), 0, read, new Outcome(), workspace); // does no harm
          } catch (StateException e) {
            assertThat(e).hasMessageContaining(".nodes");
            refused++;
          }
        }
      }
    }
    assertThat(refused).isGreaterThan(20);
  }

  @ParameterizedTest
  @MethodSource("specs")
  void whatItIsNotForIsRefusedInWords(LearnerSpec spec) {
    EventLearner learner = learner(spec, Map.of());
    LearnerState state = learned(learner, 10);
    Rows wild = learner.newRows();
    wild.beginRow();
    for (double v : new double[] {1, 1e200, 0, 0}) {
      wild.add(v);
    }
    wild.endRow(0, 1);
    assertThat(learner.unfit(wild, 0)).contains("feature 'v' is 1.0E200, must be at most 1.0E100");
    assertThat(learner.learn(wild, state, "k", workspace)).isEqualTo(StepOutcome.UNFIT);
    wild.clear();
    wild.beginRow();
    for (double v : new double[] {1, 1, 0, 3}) {
      wild.add(v);
    }
    wild.endRow(0, 1);
    assertThat(learner.unfit(wild, 0)).contains("feature 'kind' is 3.0").contains("0 to 2");
  }

  @Test
  void aBoundThatHoldsNoLeafIsRefused() {
    InputSpec wide =
        new InputSpec(
            InputSpec.Kind.DENSE, 500, 1, InputSpec.Target.CLASS, List.of("a", "b"), 1000);
    LearnerSetup setup =
        LearnerSetup.of("tree", wide).withHyperparameters(Map.of("max-bytes", 4096.0));
    assertThatThrownBy(
            () -> ClassTreeLearner.SPEC.make().make(LearnerForm.of(ClassTreeLearner.SPEC, setup)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("model.max-bytes = 4096; must be at least 32096");
  }
}
