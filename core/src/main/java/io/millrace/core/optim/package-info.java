/**
 * The contract of optimizers, and of the parts and schedules around them. The rules themselves are
 * in the packages below this one, a family each; {@link io.millrace.core.catalog} lists them.
 *
 * <p>An {@link io.millrace.core.optim.Optimizer} is an immutable rule. It declares slots, is handed
 * parameters, slots and a {@link io.millrace.core.optim.StepContext}, and asks an {@link
 * io.millrace.core.optim.Objective} for what it needs, as often and at whatever points it likes. So
 * methods of two points, of curvature and of stored samples are all one interface. What it may ask
 * is an {@link io.millrace.core.optim.Oracle}; what it declares in {@code needs()} is compared with
 * what the model answers before a job starts.
 *
 * <p>A {@link io.millrace.core.optim.Part} goes around an optimizer: it changes gradients, changes
 * parameters beside the step, or publishes another point. A {@link io.millrace.core.optim.Schedule}
 * is the learning rate as a function of the step.
 *
 * <p>Parameters are one flat array; a {@link io.millrace.core.optim.ParamLayout} says which
 * matrices lie in it. An elementwise slot has a number for each parameter and follows it when a
 * step is restricted to the coordinates that a sparse mini-batch touches; {@link
 * io.millrace.core.optim.SparseSupport} says what an optimizer promises then. {@link
 * io.millrace.core.optim.OptimizerRun} runs an optimizer without model or job.
 *
 * <p>Guarantees that the contract tests hold every rule to: it keeps nothing outside its slots,
 * asks only what it declares, stays finite at a zero gradient, stands still at a learning rate of
 * 0, shows an overflow, and allocates nothing in steady state.
 *
 * <p>Begin with {@link io.millrace.core.optim.Optimizer}, {@link io.millrace.core.optim.Objective}
 * and {@link io.millrace.core.optim.Slots}.
 *
 * <p>May use {@code core.compute, core.rng, core.spec, core.state}.
 */
package io.millrace.core.optim;
