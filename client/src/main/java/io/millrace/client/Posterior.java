package io.millrace.client;

import io.millrace.core.learn.Outcome;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.model.Models;
import io.millrace.core.sample.posterior.PosteriorForm;
import io.millrace.core.scaling.Scaling;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateException;
import io.millrace.core.state.StateSchema;
import io.millrace.core.supervised.SupervisedLearner;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Scoring features with every draw of a posterior over a model of a `learn` job. */
final class Posterior extends Usage {
  private static final int DRAWS = 0;

  private final SupervisedLearner learner;
  private final List<String> classes;
  private final int size;

  private Posterior(Map<String, String> config, SupervisedLearner learner) {
    super(config, learner, learner.options().input());
    this.learner = learner;
    this.classes = learner.options().input().classes();
    this.size = learner.layout().size();
  }

  static boolean suits(Map<String, String> config) {
    return config.containsKey(PosteriorForm.RELIABLE);
  }

  /**
   * Scoring as the configuration says.
   *
   * @throws StateException where there is nothing to score with
   */
  static Posterior of(Map<String, String> config) {
    if ("gaussian-mean".equals(config.get(Models.KIND))) {
      throw new StateException(
          "a posterior of a mean has no features to score; its tensors are the answer");
    }
    SupervisedLearner learner = SupervisedLearner.forScoring(config);
    if (learner.options().scaling() != Scaling.NONE) {
      throw new StateException(
          "features.scaling = " + config.get("features.scaling") + " in a posterior; must be none");
    }
    return new Posterior(config, learner);
  }

  @Override
  LearnerState state(PublishedModel published, long mostBytes) {
    PublishedModel.Tensor there = published.tensors().get(PosteriorForm.DRAWS);
    int draws = there == null || there.shape().length == 0 ? 0 : there.shape()[0];
    double[] all = published.finiteTensor(PosteriorForm.DRAWS, draws, size);
    if (draws == 0) {
      throw new StateException("the posterior has no draws yet; wait for its next version");
    }
    long bytes = (long) Double.BYTES * all.length;
    if (bytes > mostBytes) {
      throw new StateException(
          "the draws take " + bytes + " bytes, the reader's limit is " + mostBytes);
    }
    StateSchema schema = new StateSchema.Builder().block(PosteriorForm.DRAWS, all.length).build();
    return LearnerState.of(schema, (Object) all);
  }

  /** Leaves the scores of all draws in the scratch, and their means as the outcome. */
  @Override
  void answer(LearnerState state, Scratch scratch) {
    double[] draws = state.block(DRAWS);
    int count = draws.length / size;
    if (scratch.draw == null) {
      scratch.draw = new LearnerState(learner.schema());
    }
    double[] theta = scratch.draw.block(0);
    Outcome out = scratch.outcome;
    for (int i = 0; i < count; i++) {
      System.arraycopy(draws, i * size, theta, 0, size);
      learner.predict(scratch.rows, 0, scratch.draw, out, scratch.workspace);
      requireFinite(out.scores, out.scoreCount, scratch.rows);
      int outputs = out.scoreCount;
      if (scratch.scores == null || scratch.scores.length < outputs * count) {
        scratch.scores = new double[outputs * count];
      }
      for (int k = 0; k < outputs; k++) {
        scratch.scores[k * count + i] = out.scores[k];
      }
    }
    for (int k = 0; k < out.scoreCount; k++) {
      double sum = 0;
      for (int i = 0; i < count; i++) {
        sum += scratch.scores[k * count + i];
      }
      out.scores[k] = sum / count;
    }
  }

  /** The means of the last answer. */
  Score read(Scratch scratch) {
    Outcome out = scratch.outcome;
    double[] means = Arrays.copyOf(out.scores, out.scoreCount);
    return new Score(means, classes, learner.classOf(out));
  }

  /** All of the last answer. */
  Predictive readAll(Scratch scratch, LearnerState state) {
    int count = state.block(DRAWS).length / size;
    double[][] sorted = new double[scratch.outcome.scoreCount][];
    for (int k = 0; k < sorted.length; k++) {
      sorted[k] = Arrays.copyOfRange(scratch.scores, k * count, (k + 1) * count);
      Arrays.sort(sorted[k]);
    }
    return new Predictive(read(scratch), sorted);
  }
}
