/**
 * Learners that take one event at a time by a rule of their own and follow no gradient: what they
 * declare, what they are made of, and what is the same for all of them.
 *
 * <p>A {@link io.millrace.core.learner.LearnerSpec} is declared in the learner's own file. {@link
 * io.millrace.core.learner.LearnerSetup} are the names and numbers of a configuration; {@link
 * io.millrace.core.learner.LearnerForm} is what becomes of them once they are checked, all at once.
 * {@link io.millrace.core.learner.EventLearner} is the {@link io.millrace.core.learn.OnlineLearner}
 * that every such learner extends: it scales, judges, publishes and reads the configuration, and
 * leaves to the rule how to answer a row, how to take it, and which tensors to write.
 *
 * <p>{@code LearnerConfig} writes the settings into a published model and reads them back, so that
 * a client scores as the job did. Settings that are words or structural belong to the meaning of a
 * state; the other numbers may change while a job runs.
 *
 * <p>Guarantees: a row that is refused changes nothing; a state goes on under other numbers; a
 * reader refuses a model whose settings or tensors are not those of the learner before it allocates
 * anything of their size.
 *
 * <p>The learners are in packages of their own, the registry is {@code core.catalog.Learners}.
 *
 * <p>Begin with {@link io.millrace.core.learner.EventLearner}.
 *
 * <p>May use {@code core.compute, core.features, core.learn, core.model, core.scaling, core.spec,
 * core.state}.
 */
package io.millrace.core.learner;
