package io.millrace.core.dictionary.unfolded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.millrace.core.ConfigException;
import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.learner.DictionaryLearner;
import io.millrace.core.dictionary.learner.DictionaryOptions;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UnfoldedDictionaryTest {
  private static final int ATOMS = 24;
  private static final int DIMENSION = 12;
  private static final int BATCH = 32;
  private static final Map<String, Double> HYPERS = Map.of("lambda", 0.1, "layers", 4.0);

  private final DictionaryLearner learner = learner("unfolded", "", HYPERS);

  private static DictionaryLearner learner(
      String method, String coder, Map<String, Double> hypers) {
    return new DictionaryLearner(
        DictionaryOptions.of(DIMENSION, ATOMS)
            .withMethod(method, Map.of())
            .withCoder(coder)
            .withHyperparameters(hypers));
  }

  /** Sums of three of the atoms of a hidden dictionary. */
  private static double[] signals(int n, long seed) {
    double[] hidden = new Random(1).doubles(ATOMS * DIMENSION, -0.5, 0.5).toArray();
    Random random = new Random(seed);
    double[] x = new double[n * DIMENSION];
    for (int r = 0; r < n; r++) {
      for (int k = 0; k < 3; k++) {
        int j = random.nextInt(ATOMS);
        double v = random.nextGaussian();
        for (int i = 0; i < DIMENSION; i++) {
          x[r * DIMENSION + i] += v * hidden[j * DIMENSION + i];
        }
      }
    }
    return x;
  }

  private static LearnerState fresh(DictionaryLearner learner) {
    LearnerState state = new LearnerState(learner.schema());
    learner.initialize(state, "key");
    return state;
  }

  private static void steps(DictionaryLearner learner, LearnerState state, int from, int to) {
    Workspace workspace = new Workspace();
    double[] weights = new double[BATCH];
    Arrays.fill(weights, 1);
    for (int t = from; t < to; t++) {
      PhiloxDraws draws = new PhiloxDraws(1, "key");
      draws.at(t);
      assertThat(
              learner
                  .method()
                  .step(signals(BATCH, 100 + t), weights, BATCH, state, draws, workspace))
          .isTrue();
      state.setSteps(t + 1);
    }
  }

  private static double objective(DictionaryLearner learner, LearnerState state) {
    double[] objectives = new double[200];
    learner
        .method()
        .encode(signals(200, 7), 200, state, new double[200 * ATOMS], objectives, new Workspace());
    return Arrays.stream(objectives).average().orElseThrow();
  }

  private static double figure(DictionaryLearner learner, LearnerState state, String name) {
    Map<String, Double> figures = new HashMap<>();
    learner.figures(state, figures::put);
    return figures.get(name);
  }

  @Test
  void trainedLayersAreCloserToTheExactCodesThanAsManyStepsOfIsta() {
    LearnerState state = fresh(learner);
    steps(learner, state, 0, 300);
    DictionaryLearner online = learner("online", "lars-lasso", Map.of("lambda", 0.1));
    PublishedModel model = published(learner, state);
    LearnerState exact = fresh(online);
    online.method().warmStart(exact, model);
    LearnerState ista = fresh(learner);
    learner
        .method()
        .warmStart(
            ista,
            new PublishedModel(Map.of(), Map.of("dictionary", model.tensors().get("dictionary"))));

    double least = objective(online, exact);
    double atStart = objective(learner, ista) - least;
    double trained = objective(learner, state) - least;
    assertThat(trained).isPositive().isLessThan(0.5 * atStart);
  }

  @Test
  void copyTakenBetweenStepsGoesOnBitForBit() {
    LearnerState whole = fresh(learner);
    steps(learner, whole, 0, 20);
    LearnerState part = fresh(learner);
    steps(learner, part, 0, 9);
    LearnerState restored = part.copy();
    steps(learner, restored, 9, 20);
    for (int i = 0; i < whole.schema().size(); i++) {
      assertThat(restored.block(i)).as(whole.schema().name(i)).isEqualTo(whole.block(i));
    }
  }

  @Test
  void dictionaryIsTheOneOfTheOnlineMethod() {
    DictionaryLearner online = learner("online", "", Map.of("lambda", 0.1));
    LearnerState state = fresh(learner);
    LearnerState plain = fresh(online);
    steps(learner, state, 0, 12);
    steps(online, plain, 0, 12);
    assertThat(state.block("dictionary")).isEqualTo(plain.block("dictionary"));
  }

  @Test
  void trainingStartsAnewOnlyWhereTheDictionaryHasMovedAsFarAsSet() {
    Map<String, Double> never = new HashMap<>(HYPERS);
    never.put("retrain-move", 1e9);
    DictionaryLearner patient = learner("unfolded", "", never);
    never.put("retrain-move", 0.0);
    DictionaryLearner restless = learner("unfolded", "", never);
    LearnerState one = fresh(patient);
    LearnerState many = fresh(restless);
    LearnerState usual = fresh(learner);
    steps(patient, one, 0, 60);
    steps(restless, many, 0, 60);
    steps(learner, usual, 0, 60);
    // The first is from no dictionary to one, and the start of a state counts as one.
    assertThat(figure(patient, one, "layerRestarts")).isEqualTo(2);
    assertThat(figure(restless, many, "layerRestarts")).isEqualTo(61);
    assertThat(figure(learner, usual, "layerRestarts")).isStrictlyBetween(2.0, 61.0);
  }

  @Test
  void modelCodesAsTheStateItWasPublishedFrom() {
    LearnerState state = fresh(learner);
    steps(learner, state, 0, 30);
    PublishedModel model = published(learner, state);
    DictionaryLearner reader = DictionaryLearner.forCoding(model.config());
    LearnerState read = fresh(reader);
    reader.warmStart(read, model);
    // Reading projects the atoms once more, which may move their last bits.
    assertThat(objective(reader, read)).isCloseTo(objective(learner, state), within(1e-12));
    assertThat(model.tensors().get("layers").shape()).containsExactly(2, 4);
  }

  @Test
  void modelWithNegativeThresholdsIsRefused() {
    LearnerState state = fresh(learner);
    steps(learner, state, 0, 3);
    PublishedModel model = published(learner, state);
    model.tensors().get("layers").data()[5] = -1;
    LearnerState fresh = fresh(learner);
    assertThatThrownBy(() -> learner.warmStart(fresh, model))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("'layers' of the model holds -1.0");
  }

  @Test
  void coderWithoutALassoObjectiveIsRefused() {
    assertThatThrownBy(() -> learner("unfolded", "omp", Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("dictionary.coder = 'omp'; method 'unfolded'");
  }

  @Test
  void hardThresholdsBoundTheNonZeros() {
    Map<String, Double> hypers = new HashMap<>(HYPERS);
    hypers.put("entries-kept", 3.0);
    DictionaryLearner hard = learner("unfolded", "", hypers);
    LearnerState state = fresh(hard);
    steps(hard, state, 0, 40);
    double[] codes = new double[ATOMS];
    hard.method().encode(signals(1, 3), 1, state, codes, new double[1], new Workspace());
    assertThat(Arrays.stream(codes).filter(v -> v != 0).count()).isEqualTo(3);
  }

  @Test
  void layersAllocateNothingInSteadyState() {
    // Asking for the count may itself allocate, once per round.
    assertThat(allocated(learner) - allocated(learner("online", "", Map.of("lambda", 0.1))))
        .as("bytes allocated by 60 steps beyond those of the online method")
        .isLessThan(480);
  }

  private static long allocated(DictionaryLearner learner) {
    LearnerState state = fresh(learner);
    Workspace workspace = new Workspace();
    double[] x = signals(BATCH, 5);
    double[] weights = new double[BATCH];
    Arrays.fill(weights, 1);
    PhiloxDraws draws = new PhiloxDraws(1, "key");
    double[] codes = new double[BATCH * ATOMS];
    double[] objectives = new double[BATCH];
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 10; round++) {
      long before = threads.getThreadAllocatedBytes(thread);
      for (int t = 0; t < 60; t++) {
        learner.method().step(x, weights, BATCH, state, draws, workspace);
        learner.method().encode(x, BATCH, state, codes, objectives, workspace);
      }
      least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
    }
    return least;
  }

  private static PublishedModel published(DictionaryLearner learner, LearnerState state) {
    Map<String, String> config = new HashMap<>();
    Map<String, PublishedModel.Tensor> tensors = new HashMap<>();
    learner.publish(
        state,
        new ModelWriter() {
          @Override
          public void config(String name, String value) {
            config.put(name, value);
          }

          @Override
          public void tensor(String name, int[] shape, double[] data) {
            tensors.put(name, new PublishedModel.Tensor(shape, data.clone()));
          }
        },
        new Workspace());
    return new PublishedModel(config, tensors);
  }
}
