/**
 * {@code ./millrace bench policies}: what a decision of every policy costs, and what learning the
 * cost of one.
 *
 * <p>{@link io.millrace.bench.policy.PolicyBenchmark} goes over the registry and knows no policy by
 * name. {@code DecisionMeasurement} plays each in a world where the best arm depends on the
 * context, first long enough that it has learned, then by the clock: blocks of decisions, each
 * followed by the block of their costs, as where costs come late.
 *
 * <p>Guarantees: decisions are those of the production classes with draws of their own generator;
 * times are CPU times of the thread, medians over repetitions; the time to choose holds everything
 * that a tuner asks of a policy for one request, what is kept until the cost comes included.
 *
 * <p>Begin with {@link io.millrace.bench.policy.PolicyBenchmark}.
 *
 * <p>May use {@code bench, cli.bench, cli.console, core.bandit, core.bandit.catalog, core.compute,
 * core.rng, core.state}.
 */
package io.millrace.bench.policy;
