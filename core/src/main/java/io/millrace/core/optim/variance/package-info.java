/**
 * Rules that reduce the variance of gradients: they compare two gradients of the same mini-batch,
 * at two points, and correct one by the other.
 *
 * <p>{@link io.millrace.core.optim.variance.Storm} and {@link io.millrace.core.optim.variance.Page}
 * carry an estimate from point to point; {@link io.millrace.core.optim.variance.SpiderNormalized}
 * and {@link io.millrace.core.optim.variance.CyclicBlockVr} refresh it; {@link
 * io.millrace.core.optim.variance.Svrg} and {@link io.millrace.core.optim.variance.StreamingSvrg}
 * return to an anchor point; {@link io.millrace.core.optim.variance.Saga} keeps a gradient for each
 * of the samples that it has stored. The MARS rules put a scaled correction in front of AdamW, Lion
 * or Shampoo.
 *
 * <p>The papers have a finite data set, a stream has not. Where a paper wants the gradient of a
 * large batch, {@link io.millrace.core.optim.variance.AnchorBatch} collects it from mini-batches
 * while the parameters rest. Where it wants all samples, {@link
 * io.millrace.core.optim.variance.SampleWindow} keeps the last ones. Each file says what follows
 * from that.
 *
 * <p>Memory is 2 to 4 d, more with stored samples. A step asks for one or two gradients. Rules that
 * carry an estimate move every coordinate at every step, so a sparse mini-batch costs them as much
 * as a dense one.
 *
 * <p>Begin with {@link io.millrace.core.optim.variance.Storm}, then {@link
 * io.millrace.core.optim.variance.AnchorBatch} and {@link io.millrace.core.optim.variance.Svrg}.
 *
 * <p>May use {@code core.compute, core.linalg, core.optim, core.rng, core.spec}.
 */
package io.millrace.core.optim.variance;
