package io.millrace.core.catalog;

import io.millrace.core.ConfigException;
import io.millrace.core.anomaly.HalfSpaceTrees;
import io.millrace.core.bayes.AdPredictor;
import io.millrace.core.bayes.NaiveBayes;
import io.millrace.core.learner.EventLearner;
import io.millrace.core.learner.LearnerForm;
import io.millrace.core.learner.LearnerSetup;
import io.millrace.core.learner.LearnerSpec;
import io.millrace.core.spec.Spec;
import io.millrace.core.tree.ClassTreeLearner;
import io.millrace.core.tree.ForestLearner;
import io.millrace.core.tree.RegressionTreeLearner;
import java.util.List;
import java.util.Optional;

/**
 * Every learner there is that follows no gradient, one line each. Those that do are a model of
 * {@link io.millrace.core.model.Models} under an optimizer of {@link Optimizers}.
 */
public final class Learners {
  public static final List<LearnerSpec> ALL =
      List.of(
          ClassTreeLearner.SPEC,
          ForestLearner.SPEC,
          RegressionTreeLearner.SPEC,
          NaiveBayes.SPEC,
          AdPredictor.SPEC,
          HalfSpaceTrees.SPEC);

  private Learners() {}

  /** The learner of an id, if there is one. */
  public static Optional<LearnerSpec> find(String id) {
    return Spec.find(ALL, id);
  }

  /**
   * Looks a learner up.
   *
   * @throws ConfigException naming the known ones
   */
  public static LearnerSpec spec(String id) {
    return find(id)
        .orElseThrow(() -> new ConfigException("no learner '" + id + "'; known: " + Spec.ids(ALL)));
  }

  /**
   * Builds a learner.
   *
   * @throws ConfigException listing every fault
   */
  public static EventLearner make(LearnerSetup setup) {
    LearnerSpec spec = spec(setup.kind());
    return spec.make().make(LearnerForm.of(spec, setup));
  }
}
