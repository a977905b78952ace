/**
 * Where a family's stages meet Flink: one operator for all of them, and the streams between them.
 *
 * <p>{@link io.millrace.operators.shell.StageStreams} wires a job. Behind the source {@code
 * EventSplit} sends each event to the stages that take its kind, keyed by one of its keys, and
 * turns an order for all keys into one event for each key group, and likewise word of how far a
 * partition has come in event time. {@link io.millrace.operators.shell.KeyedShell} is the operator:
 * it fetches the parts of a key, lets the key follow its orders or come to its end, calls the
 * {@link io.millrace.operators.handler.KeyHandler}, keeps what was changed, and sends records to
 * the side output of their channel. A {@link io.millrace.operators.shell.Stage} declares what a
 * family has: an id, the kinds that it takes, its channels, its handler.
 *
 * <p>{@code FlinkKeyStorage} keeps each part of a key in a Flink state of its own. {@code KeyStore}
 * is the bundle: keys kept decoded between events, which changes speed and no bit. {@code
 * GroupStates} holds what the key groups have been told, orders and times, and {@code Sweep} visits
 * keys in slices to let them follow. {@code Run} is what is decided once: the incarnation and the
 * compute backend; {@code GivenDevices} says on which of the devices that Flink has found.
 *
 * <p>Events come in over one hash edge, so barriers may overtake them (unaligned checkpoints). All
 * that an event causes has happened when its processing returns, but for a last act that its
 * handler has put off: the {@code Backlog} has it done before anything could tell the difference
 * (docs/adr/0024).
 *
 * <p>Guarantees: no reference to a part outlives a flush, so a snapshot in progress never sees a
 * later change. A savepoint that does not fit is a {@link
 * io.millrace.operators.shell.StageFailure}: the job ends with the reason instead of restarting
 * again and again. Ids of operators never change.
 *
 * <p>Begin with {@link io.millrace.operators.shell.StageStreams}, then {@link
 * io.millrace.operators.shell.KeyedShell}. See docs/adr/0009 and 0012.
 *
 * <p>May use {@code core.compute, core.state, operators.control, operators.handler,
 * operators.ingress, operators.journal, operators.metrics, operators.output, operators.publish,
 * schemas, state}.
 */
package io.millrace.operators.shell;
