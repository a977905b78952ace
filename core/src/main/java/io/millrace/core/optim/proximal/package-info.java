/**
 * Rules with a penalty inside: they solve for the next point with the penalty in place, so that
 * parameters become exactly zero.
 *
 * <p>{@link io.millrace.core.optim.proximal.FtrlProximal} is follow-the-regularized-leader with L1
 * and L2 penalties, the usual rule for sparse linear models. {@link
 * io.millrace.core.optim.proximal.NonconvexAg} is an accelerated gradient method for the penalties
 * SCAD and MCP, which leave large parameters alone.
 *
 * <p>The penalties here are part of the rule. A penalty that goes around any optimizer is in {@link
 * io.millrace.core.optim.part}. FTRL keeps its own dual variable z in a slot: the parameters follow
 * from it, so a change of the penalty takes effect at a parameter's next gradient.
 *
 * <p>Memory is 2 d, and each step asks for one gradient. FTRL is exact on sparse mini-batches: a
 * coordinate without a gradient does not change.
 *
 * <p>Begin with {@link io.millrace.core.optim.proximal.FtrlProximal}.
 *
 * <p>May use {@code core.compute, core.optim, core.spec}.
 */
package io.millrace.core.optim.proximal;
