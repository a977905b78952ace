package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.core.ConfigException;
import io.millrace.core.features.InputSpec;
import io.millrace.core.scaling.Scaling;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Jobs whose learner follows no gradient. */
class EventLearnerPlanTest {
  private static final String START =
      "kafka: {bootstrap-servers: localhost:9092}\nfeatures: {dimension: 3}\n";

  private static EventLearnerPlan plan(String yaml) {
    return (EventLearnerPlan) JobPlan.of(JobConfig.parse(yaml));
  }

  private static List<String> faults(String yaml) {
    return catchThrowableOfType(ConfigException.class, () -> JobConfig.parse(yaml)).faults();
  }

  @Test
  void theKindPicksTheLearnerAndItsSettingsStandBesideIt() {
    EventLearnerPlan plan =
        plan(
            START
                + "model: {kind: naive-bayes, distribution: bernoulli, forgetting: 0.99,"
                + " classes: [a, b, c]}\nseed: 7\n");
    assertThat(plan.learner().kind()).isEqualTo("naive-bayes");
    assertThat(plan.learner().words()).isEqualTo(Map.of("distribution", "bernoulli"));
    assertThat(plan.learner().hyperparameters()).isEqualTo(Map.of("forgetting", 0.99));
    assertThat(plan.learner().input().classes()).containsExactly("a", "b", "c");
    assertThat(plan.learner().scaling()).isEqualTo(Scaling.NONE);
    assertThat(plan.learner().seed()).isEqualTo(7);
    assertThat(plan.factory().create("scalar").algorithm()).isEqualTo("naive-bayes");
  }

  @Test
  void aLearnerWithoutLabelsHasNone() {
    EventLearnerPlan plan =
        plan(START + "model: {kind: half-space-trees, low: [0, -1, 2], high: 5}\n");
    assertThat(plan.learner().input().target()).isEqualTo(InputSpec.Target.NONE);
    assertThat(plan.learner().hyperparameters())
        .isEqualTo(Map.of("low", 0.0, "low-2", -1.0, "low-3", 2.0, "high", 5.0));
    assertThat(plan.bytesPerKey()).isGreaterThan(100_000);
    assertThat(
            faults(START + "model: {kind: half-space-trees, classes: [a, b]}\nlabels: {wait: 1m}"))
        .containsExactly(
            "model.classes = [a, b]; must be absent because model.kind is half-space-trees, which"
                + " takes no labels; remove it",
            "labels.wait = PT1M; must be absent because model.kind is half-space-trees, which takes"
                + " no labels; remove it");
    assertThat(faults(START + "model: {kind: half-space-trees, low: [0, 1]}"))
        .containsExactly("model.low: 2 values; must be one for all features, or one for each of 3");
  }

  /** What a forest takes was told as 21 MB, or as nothing. */
  @Test
  void ofWhatGrowsIsToldHowItBeginsAndHowFarItGoes() {
    EventLearnerPlan forest =
        plan(START + "model: {kind: forest, trees: 2, max-bytes: 65536, classes: [a, b]}\n");
    assertThat(forest.bytesPerKey()).isBetween(1000L, 20_000L);
    assertThat(forest.mostBytesPerKey()).isBetween(4 * 65_536L, 4 * 65_536L + 20_000);
    assertThat(forest.sizeOfKey())
        .matches("a key begins with \\d,\\d{3} bytes and grows up to 27\\d,\\d{3} bytes");
    EventLearnerPlan fixed = plan(START + "model: {kind: naive-bayes, classes: [a, b]}\n");
    assertThat(fixed.mostBytesPerKey()).isEqualTo(fixed.bytesPerKey());
    assertThat(fixed.sizeOfKey()).startsWith("a key takes " + fixed.bytesPerKey() + " bytes");
  }

  @Test
  void scalingIsForThoseThatScale() {
    assertThat(plan(START + "model: {kind: adpredictor}").learner().scaling())
        .isEqualTo(Scaling.STANDARD);
    String scaled = START.replace("{dimension", "{scaling: recent, dimension");
    assertThat(plan(scaled + "model: {kind: adpredictor}").learner().scaling())
        .isEqualTo(Scaling.RECENT);
    assertThat(faults(scaled + "model: {kind: naive-bayes}"))
        .containsExactly(
            "features.scaling = recent; must be absent because model.kind is naive-bayes, which"
                + " takes features as they come; remove it");
  }

  @Test
  void whatBelongsToGradientsIsRefused() {
    assertThat(
            faults(
                START
                    + "model: {kind: naive-bayes, loss: hinge, hidden: [3], forgetting: 2,"
                    + " rows: 4}\noptimizer: {name: adam, beta1: 0.5}\nmini-batch: 8\n"))
        .containsExactlyInAnyOrder(
            "model.loss = 'hinge'; must be absent because model.kind is naive-bayes",
            "model.hidden = [3]; must be absent because model.kind is naive-bayes, which follows no"
                + " gradient; remove it",
            "optimizer.name = adam; must be absent because model.kind is naive-bayes, which follows"
                + " no gradient; remove it",
            "optimizer.beta1 = 0.5; must be absent because model.kind is naive-bayes, which follows"
                + " no gradient; remove it",
            "mini-batch = 8; must be absent because model.kind is naive-bayes, which learns one"
                + " event at a time; remove it",
            "model.forgetting = 2.0; must lie in (0, 1]",
            "model has no hyperparameter 'rows'; it has [forgetting, alpha, variance-floor]");
  }

  @Test
  void aModelUnderAnOptimizerRefusesTheirSettings() {
    assertThat(faults(START + "model: {kind: mlp, forgetting: 0.9, distribution: gaussian}"))
        .containsExactly(
            "model.distribution = gaussian; model.kind 'mlp' has no such setting; remove it",
            "model.forgetting = 0.9; model.kind 'mlp' has no such setting; remove it");
  }
}
