/**
 * Models and dead letters on their way out, the same for every family.
 *
 * <p>{@link io.millrace.operators.publish.SnapshotPublisher} decides when a model is published, and
 * writes it. A key's snapshot is due after so many events, after so much of its own event time,
 * when an order asks for it, or at the end of the input; {@link
 * io.millrace.operators.publish.SnapshotOptions} says which. The family gives a {@link
 * io.millrace.operators.publish.SnapshotPublisher.Source}, which writes settings and tensors;
 * counters, input offsets and provenance come from the key's journal. A snapshot that is too large
 * for a record is split into parts, whose record keys alternate between two sets (docs/adr/0005).
 * Between two whole models there may be deltas, which stand behind those parts (docs/adr/0020).
 * When a key is forgotten its model is taken back by tombstones.
 *
 * <p>{@link io.millrace.operators.publish.DeadLetterOffice} takes events that cannot be used,
 * counts them in the metrics and in the journal of their key, and sends them to the dead letters.
 *
 * <p>A journal and a source come in; records leave through {@link
 * io.millrace.operators.output.Outputs}.
 *
 * <p>Guarantees: when a snapshot is due depends on what the key has learned and on nothing else, so
 * the same events give the same snapshots, byte for byte. Versions of a key count up by one. A
 * version names the offsets that it covers: all that has been learned from and nothing that waits.
 *
 * <p>Begin with {@link io.millrace.operators.publish.SnapshotPublisher}.
 *
 * <p>May use {@code core.learn, operators.ingress, operators.journal, operators.metrics,
 * operators.output, schemas}.
 */
package io.millrace.operators.publish;
