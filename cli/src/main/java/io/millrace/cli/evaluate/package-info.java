/**
 * Learners tried on a file, without Kafka and without Flink: {@code ./millrace evaluate}.
 *
 * <p>{@link io.millrace.cli.evaluate.Evaluation} is progressive validation: every labelled row is
 * predicted, judged, and then learned from, by the same {@link
 * io.millrace.core.learn.OnlineLearner} that a job runs. A row that makes a step impossible is set
 * aside and counted, as a job would send it to the dead letters. {@link
 * io.millrace.cli.evaluate.Comparison} does that for many optimizers over rows in memory, each at
 * its defaults and at every learning rate of a grid, and {@link io.millrace.cli.evaluate.LossPlot}
 * draws the best. {@link io.millrace.cli.evaluate.OccurringRows} leaves out coordinates that no row
 * has, which changes no result and saves most of the time.
 *
 * <p>{@link io.millrace.cli.evaluate.RowEncoder} brings rows of a file into the form of the
 * learner. Rows come in from {@code cli.data}; losses, accuracies, curves and images leave.
 *
 * <p>Guarantees: the result is a function of the rows and the settings, never of the clock or of
 * the number of processors; what is too much work is skipped by a bound on operations, with the
 * reason. The best rate of a comparison is chosen in hindsight, and the output says so.
 *
 * <p>An evaluation is for one thread; a comparison uses as many as there are processors.
 *
 * <p>Begin with {@link io.millrace.cli.evaluate.Evaluation}.
 *
 * <p>May use {@code cli.data, core.catalog, core.compute, core.features, core.learn, core.learner,
 * core.model, core.monitor, core.optim, core.state, core.supervised}.
 */
package io.millrace.cli.evaluate;
