/**
 * How well a job does: Flink's metrics per subtask, and records per key.
 *
 * <p>{@link io.millrace.operators.metrics.StageMetrics} are the counters that every stage has,
 * {@code millrace.FAMILY.NAME}: events, dead letters by reason, snapshots, orders, keys. {@link
 * io.millrace.operators.metrics.LearnerMetrics} adds what a learner has: examples predicted and
 * learned, the running loss, and the figures of its last step. Both are per subtask, because a
 * series for each key would drown a monitoring system.
 *
 * <p>What is to be known of a single key goes to the metrics topic. {@link
 * io.millrace.operators.metrics.Validation} judges every event before it is learned from, adds that
 * up in the key's {@link io.millrace.operators.journal.Journal}, and publishes a record every so
 * many events: loss and accuracy since the start, and over the window since the last record.
 *
 * <p>Counts and losses come in from the handlers. Counters, gauges and {@code Metric} records
 * leave.
 *
 * <p>Guarantees: the sums of validation are state, so a restored job publishes the records that an
 * undisturbed one would have. Flink's metrics are not: they count from the start of the process. An
 * event without a label, or without a finite loss, counts for nothing. Names of metrics are
 * documented in docs/operations.md and do not change.
 *
 * <p>Not thread-safe, as an operator is not.
 *
 * <p>Begin with {@link io.millrace.operators.metrics.Validation}.
 *
 * <p>May use {@code core.learn, operators.journal, operators.output, schemas}.
 */
package io.millrace.operators.metrics;
