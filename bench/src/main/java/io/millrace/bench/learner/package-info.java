/**
 * {@code ./millrace bench learner}: examples per second of the core on one thread, beside its
 * peers.
 *
 * <p>{@link io.millrace.bench.learner.LearnerBenchmark} measures each shape of examples in a
 * process of its own, of which {@link io.millrace.bench.learner.ShapeMeasurement} is the main
 * class, so that the just-in-time compiler sees one kind of rows, as it would in a job. A {@code
 * Contender} learns all samples once and says how long that took: Millrace's learner, Tribuo, and
 * scikit-learn where it is installed. They take turns, so that whatever the machine does meets all
 * of them. {@link io.millrace.bench.learner.PerceptronMeasurement} is the main class where
 * perceptrons learn, once on each backend of the processor.
 *
 * <p>Samples come in from {@code bench.samples}. Rates leave, the ratio to the fastest peer, and
 * what a step moves at least compared with the bandwidth of the machine; also bytes per event, per
 * key, and allocated per example.
 *
 * <p>Guarantees: ours copies, predicts and learns every example within the time that is measured; a
 * peer's data set is ready before its clock starts. Two rounds warm up and do not count.
 *
 * <p>Begin with {@link io.millrace.bench.learner.LearnerBenchmark}.
 *
 * <p>May use {@code bench, bench.samples, cli.bench, cli.console, core.compute, core.features,
 * core.learn, core.model, core.scaling, core.state, core.supervised}.
 */
package io.millrace.bench.learner;
