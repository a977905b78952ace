/**
 * {@code ./millrace bench tune}: what tuning gains over the best fixed parameter in hindsight.
 *
 * <p>{@link io.millrace.bench.tune.TuneBenchmark} asks two questions. {@code SystemContest} lets
 * policies choose the omega of a solver for each of a sequence of linear systems, and counts
 * iterations: of the policies, of the best fixed omega, and of the best omega for each system.
 * {@code RateContest} lets them order the learning rate of one live learner for each window of a
 * stream ({@code LearnerLoop}, which is {@code millrace tune learner} in one thread), lets a tuner
 * run a learner per rate side by side, lets the gate of a job with candidates choose among such
 * learners, and compares the progressive loss with that of every fixed rate. {@code PolicyLoop} is
 * the policy of all, with the classes that run in a job; {@code RateStreams} reads the streams.
 *
 * <p>What leaves are counts, losses and ratios, the same on every machine, and the CPU time of a
 * decision. Where a figure is asked for, the report says whether it is met.
 *
 * <p>Guarantees: all contestants see the same systems and rows; the bests in hindsight are those of
 * the same sequences.
 *
 * <p>Begin with {@link io.millrace.bench.tune.TuneBenchmark}.
 *
 * <p>May use {@code bench, cli.bench, cli.console, cli.data, cli.demo, cli.evaluate, cli.systems,
 * cli.tune, client, core.bandit, core.bandit.catalog, core.compute, core.decision, core.features,
 * core.learn, core.rng, core.scaling, core.state, core.supervised, core.tuning, schemas}.
 */
package io.millrace.bench.tune;
