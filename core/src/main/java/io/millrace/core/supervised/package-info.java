/**
 * Online supervised learning: model, loss, optimizer, schedule and feature scaling as one learner.
 *
 * <p>{@link io.millrace.core.supervised.SupervisedOptions} are the names and numbers of a
 * configuration. {@code SupervisedParts} checks them, all at once, and makes the parts; {@link
 * io.millrace.core.supervised.SupervisedLearner} uses them. The state of a key is the parameters,
 * the optimizer's slots and the scaler's statistics, in this order.
 *
 * <p>A mini-batch comes in as rows. The rows are scaled by the statistics so far, the step is
 * taken, and then the statistics learn the rows. A step has three ways, and each is a class: {@code
 * WholeArrays} for dense rows, {@code TouchedArrays} for sparse ones, which copies the touched
 * coordinates out and back, and {@code InPlaceDescent} for single rows under plain SGD. A
 * prediction is made before the step where both are wanted, and shares its work with it.
 *
 * <p>Guarantees: a step that would leave parameters or slots not finite, or parameters beyond what
 * is published, or the loss of its own rows exploded ({@link io.millrace.core.learn.LossLevel}),
 * changes nothing and says which row is to blame, if it was one; predicting and learning from a row
 * in one call gives the bits of two calls; a step on touched coordinates gives the bits of a step
 * on all of them where the optimizer promises it. The learner is thread-safe; what a call needs
 * beside the state is in the workspace.
 *
 * <p>Begin with {@link io.millrace.core.supervised.SupervisedLearner}; its {@code step} calls
 * everything else.
 *
 * <p>May use {@code core.catalog, core.compute, core.features, core.learn, core.model, core.optim,
 * core.optim.schedule, core.rng, core.scaling, core.spec, core.state}.
 */
package io.millrace.core.supervised;
