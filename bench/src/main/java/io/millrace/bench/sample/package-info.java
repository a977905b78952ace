/**
 * {@code ./millrace bench sample}: how far posteriors that are sampled over clients are from the
 * true ones.
 *
 * <p>{@code Headline} has two problems of which the posterior is known, a Gaussian mean over ten
 * clients and a linear regression over five, with rows that differ from client to client. {@code
 * HeadlineMeasurement} samples them by every {@code Method}, with visits of 1 to 200 local steps,
 * and reports the 2-Wasserstein distance of the sampled Gaussian to the posterior beside that of
 * the exact law of the chain. {@code BiasTable} has mean and standard deviation by step size,
 * mini-batch and length of visits, beside Laplace's approximation and a {@code
 * DiagonalKalmanFilter}; of {@code LogisticSilos} the posterior is a {@code GridPosterior}. {@code
 * ThroughTheJob} samples the same two problems through a broker and the {@code sample} job. {@code
 * Throughput} counts local steps per second of one core.
 *
 * <p>Distances do not depend on the machine, those through the job aside, whose chains run for a
 * time: the same seeds draw the same numbers. Targets are ratios of two distances of the same run,
 * and the command says of each whether it is met.
 *
 * <p>Begin with {@link io.millrace.bench.sample.SamplingBenchmark}.
 *
 * <p>May use {@code bench, broker, cli.bench, cli.console, cli.run, cli.topics, client,
 * core.compute, core.features, core.model, core.rng, core.sample, core.sample.chain,
 * core.sample.gaussian, core.sample.likelihood, core.sample.posterior, core.sample.surrogate,
 * core.state, jobs, schemas}.
 */
package io.millrace.bench.sample;
