/**
 * What is kept about a key beside the numbers of its model, and its bytes.
 *
 * <p>A {@link io.millrace.operators.journal.Journal} is what every family keeps: the run and the
 * version of the last snapshot, the input offsets that the model covers, the key's clock and timer,
 * the hyperparameters that orders have set, counters, and the sums of progressive validation. A
 * {@link io.millrace.operators.journal.KeptEvent} is an event held until a mini-batch is full; a
 * {@link io.millrace.operators.journal.WaitingEvent} waits for another one with its id, on the
 * {@link io.millrace.operators.journal.Side} of the pair that has come. {@link
 * io.millrace.operators.journal.GroupOrders} are the orders for all keys that a key group has
 * received. {@link io.millrace.operators.journal.Origins} remembers who has sent what, so that a
 * message that comes twice counts once.
 *
 * <p>Each of them is a part of a key's state by itself, so that a backend on disk writes what has
 * changed and no more. Each has a {@link io.millrace.operators.journal.ByteCodec}, the only place
 * that knows its layout; the layout is drawn in the codec's documentation. The classes of {@code
 * io.millrace.state} hand these bytes to Flink.
 *
 * <p>Guarantees: equal values give equal bytes; what was written is read back as it was; damaged
 * bytes, or those of a newer format, are refused with a {@link
 * io.millrace.core.state.StateException} that says what this build reads. Stored bytes of released
 * formats are tested. See docs/adr/0010.
 *
 * <p>Journals and origins are mutable and belong to the state backend: no reference to one outlives
 * the handling of an event. Events and group orders are immutable. A codec has buffers: one per
 * thread.
 *
 * <p>Begin with {@link io.millrace.operators.journal.Journal}.
 *
 * <p>May use {@code core.state, operators.ingress, operators.output, schemas}.
 */
package io.millrace.operators.journal;
