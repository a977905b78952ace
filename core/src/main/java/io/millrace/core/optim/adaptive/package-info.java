/**
 * Rules with a rate for each parameter, learned from squared gradients: Adam and its relatives.
 *
 * <p>Most keep a moving mean m of gradients and a moving mean v of their squares, the slots and
 * hyperparameters of {@link io.millrace.core.optim.Moments}, and step along {@code m / sqrt(v)}.
 * {@link io.millrace.core.optim.adaptive.AdaGrad} sums squares in place of a mean, so its rates
 * only fall. The AEGD rules keep an energy that never grows instead of v. {@link
 * io.millrace.core.optim.adaptive.Oasis} takes the diagonal of the Hessian in place of squared
 * gradients and chooses its own rate.
 *
 * <p>Weight decay is coupled, part of the gradient, or decoupled, beside the step; {@link
 * io.millrace.core.optim.WeightDecay} says which is which, and each rule's documentation says which
 * it has. A class that ends in W and holds a declaration only, such as {@link
 * io.millrace.core.optim.adaptive.AegdW}, is the same rule with another default.
 *
 * <p>Each file is one paper, its loop in the paper's letters. Memory is 1 to 5 d beside the
 * parameters. All ask for one gradient a step; the AEGD rules ask for the loss as well, Oasis for a
 * second gradient and for products with the Hessian. Most steps on sparse mini-batches are lazy:
 * moments of untouched coordinates do not decay.
 *
 * <p>Begin with {@link io.millrace.core.optim.adaptive.Adam}; the others are best read as
 * differences from it.
 *
 * <p>May use {@code core.compute, core.linalg, core.optim, core.rng, core.spec}.
 */
package io.millrace.core.optim.adaptive;
