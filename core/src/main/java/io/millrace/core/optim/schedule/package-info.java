/**
 * The learning rate as a function of the steps a key has taken.
 *
 * <p>A schedule is pure: it depends on the number of the step and on its own values, so it needs no
 * state and is right after a restart. The optimizer's learning rate is the schedule's peak. {@link
 * io.millrace.core.optim.schedule.Constant} is the default; {@link
 * io.millrace.core.optim.schedule.WarmupStableDecay} and {@link
 * io.millrace.core.optim.schedule.WarmRestarts} are the usual ones for long runs; the inverse ones
 * fall for ever; {@link io.millrace.core.optim.schedule.LinearDecay} ends at a step that has to be
 * given. {@link io.millrace.core.optim.schedule.Refined} is made from the gradient norms of an
 * earlier run.
 *
 * <p>{@link io.millrace.core.optim.schedule.BatchScaling} is a factor on top of a schedule: it
 * carries a rate that was found with one mini-batch over to another.
 *
 * <p>Values that contradict each other, such as a decay longer than the run, are refused when the
 * schedule is made.
 *
 * <p>Begin with {@link io.millrace.core.optim.schedule.InverseTime}.
 *
 * <p>May use {@code core.optim, core.spec}.
 */
package io.millrace.core.optim.schedule;
