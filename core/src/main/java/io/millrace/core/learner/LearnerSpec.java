package io.millrace.core.learner;

import io.millrace.core.features.InputSpec;
import io.millrace.core.spec.Choice;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Source;
import io.millrace.core.spec.Spec;
import java.util.List;

/**
 * Everything the system knows of a learner that follows no gradient; declared in the learner's own
 * file, listed once in {@link io.millrace.core.catalog.Learners}.
 *
 * @param id lower-case with hyphens, as {@code model.kind} in the job's YAML
 * @param doc what it is, in half a sentence
 * @param stateVersion of its blocks
 * @param targets what labels may be, the first unless something else is asked for; {@link
 *     InputSpec.Target#NONE}: it takes none
 * @param scales whether {@code features.scaling} is for it
 * @param nominal whether {@code features.nominal} is for it
 * @param draws whether it draws random numbers, so that the seed belongs to the meaning of a state
 * @param choices settings that are words
 * @param hypers settings that are numbers
 * @param make builds the learner; throws {@link io.millrace.core.ConfigException} where settings
 *     contradict each other or the form of the rows
 */
public record LearnerSpec(
    String id,
    String doc,
    Source source,
    int stateVersion,
    List<InputSpec.Target> targets,
    boolean scales,
    boolean nominal,
    boolean draws,
    List<Choice> choices,
    List<Hyper> hypers,
    Factory make)
    implements Spec {
  /** Builds a learner. */
  @FunctionalInterface
  public interface Factory {
    /**
     * The learner.
     *
     * @throws io.millrace.core.ConfigException listing every fault
     */
    EventLearner make(LearnerForm form);
  }

  public LearnerSpec {
    targets = List.copyOf(targets);
    choices = List.copyOf(choices);
    hypers = List.copyOf(hypers);
  }
}
