/**
 * Rules that need no learning rate to be tuned, and those that need no schedule.
 *
 * <p>{@link io.millrace.core.optim.parameterfree.Dog} and its variants take the distance travelled
 * so far as the scale of the step. {@link io.millrace.core.optim.parameterfree.RateMixture} runs
 * copies at rates far apart and publishes their best mixture; it is the default of a job. The
 * schedule-free rules keep two sequences of points and publish an average, which replaces the decay
 * of the rate.
 *
 * <p>Most of them publish another point than the one they step on, so a learner asks {@code
 * publish} before it predicts. The learning rate that a configuration gives is a factor on the
 * rule's own choice; its default is right in most cases.
 *
 * <p>Memory is 1 to 8 d. The mixture asks for a gradient and a loss of every copy in each step; it
 * buys the missing tuning with that.
 *
 * <p>{@link io.millrace.core.optim.parameterfree.SimplexNewton} and {@link
 * io.millrace.core.optim.parameterfree.ScheduleFree} hold what several rules or steps share.
 *
 * <p>Begin with {@link io.millrace.core.optim.parameterfree.Dog}; read {@link
 * io.millrace.core.optim.parameterfree.RateMixture} with its table of symbols at hand.
 *
 * <p>May use {@code core.compute, core.linalg, core.optim, core.spec}.
 */
package io.millrace.core.optim.parameterfree;
