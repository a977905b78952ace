/**
 * The contract between a learner and everything around it.
 *
 * <p>{@link io.millrace.core.learn.OnlineLearner} is what a family of jobs brings: it declares the
 * blocks of its state, predicts one row, learns from a mini-batch, and publishes a model. The Flink
 * operator, the demo, the benchmarks, the client's scoring and the tests use this interface and no
 * other. {@link io.millrace.core.learn.ForwardingLearner} is for those who watch or replace a part
 * of a learner.
 *
 * <p>Rows come in as {@link io.millrace.core.features.Rows}. A prediction leaves in an {@link
 * io.millrace.core.learn.Outcome}, which is overwritten by the next one. A step ends in a {@link
 * io.millrace.core.learn.StepOutcome}: it was taken, or nothing has changed and one row, or none,
 * is to blame; {@link io.millrace.core.learn.Blame} finds out more, and {@link
 * io.millrace.core.learn.LossLevel} is what a learner can ask whether a step has done harm. A model
 * leaves through a {@link io.millrace.core.learn.ModelWriter} as settings and tensors, and comes
 * back as a {@link io.millrace.core.learn.PublishedModel}. Figures for metrics leave through {@link
 * io.millrace.core.learn.Figures}.
 *
 * <p>Guarantees that every learner gives: a step is taken whole or not at all; predicting changes
 * nothing; the same learner with other hyperparameters goes on from the same state; steady state
 * allocates nothing, publishing excepted.
 *
 * <p>Begin with {@link io.millrace.core.learn.OnlineLearner}.
 *
 * <p>May use {@code core.compute, core.features, core.spec, core.state}.
 */
package io.millrace.core.learn;
