/**
 * Made-up examples that are given to every party of a measurement, and the records that carry them.
 *
 * <p>A {@link io.millrace.bench.samples.Shape} says what examples look like: dense or sparse, how
 * wide, how many coordinates each. {@link io.millrace.bench.samples.Samples} draws them once, with
 * labels of a noisy linear rule: as arrays, as rows of a learner, or as a file for a peer in
 * another language. {@link io.millrace.bench.samples.Events} encodes them as records of many keys,
 * a pool that is sent round and round.
 *
 * <p>A shape, a count and a seed come in; examples leave.
 *
 * <p>Guarantees: the same seed gives the same examples; every key of a pool comes equally often,
 * and keys come in random order.
 *
 * <p>Begin with {@link io.millrace.bench.samples.Samples}.
 *
 * <p>May use {@code core.features, schemas}.
 */
package io.millrace.bench.samples;
