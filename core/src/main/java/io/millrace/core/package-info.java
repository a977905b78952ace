/**
 * Algorithms and numerics of online learning: models, losses, optimizers, dictionary learning, and
 * the state that they keep. This module knows neither Flink nor Kafka nor Avro; jobs, client and
 * command line are built on it.
 *
 * <p>The packages form layers. A package uses those below it and never those above:
 *
 * <pre>
 * supervised   dictionary.learner                  learners, as jobs and clients use them
 * catalog      dictionary.*        model           registries and algorithms
 * optim.*      dictionary          bandit.*
 * optim        learn               bandit          contracts
 * linalg       features
 * compute      spec      state      rng            foundations
 * </pre>
 *
 * <p>Algorithms are immutable. What a key has learned lies in a {@link
 * io.millrace.core.state.LearnerState} that the caller owns, and scratch lies in a {@link
 * io.millrace.core.compute.Workspace} that the caller hands in; so one object serves all keys, and
 * a run that is stopped and continued gives the same bits. Randomness is a function of seed, key
 * and step. Nothing here reads a clock, starts a thread or prints.
 *
 * <p>The bits are the same on every machine: exponentials, logarithms, powers and the like are
 * those of {@link StrictMath}. {@link Math} may round them differently on another processor or
 * virtual machine, and a savepoint that is moved there would go on with other numbers. Roots,
 * absolute values and plain arithmetic are exact in both.
 *
 * <p>This package itself holds what every other may use: {@link io.millrace.core.ConfigException},
 * which says what is wrong with settings and lists every fault, and {@link
 * io.millrace.core.TextFiles}, which opens text.
 *
 * <p>Begin with {@link io.millrace.core.learn.OnlineLearner}, the one interface that jobs, demo,
 * benchmarks and tests share; then read {@link io.millrace.core.supervised.SupervisedLearner}. For
 * the algorithms begin with {@link io.millrace.core.optim.Optimizer} and any small file of a
 * family, such as {@link io.millrace.core.optim.adaptive.Adam}.
 *
 * <p>May use {@code no other package}.
 */
package io.millrace.core;
