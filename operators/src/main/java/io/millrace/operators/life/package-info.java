/**
 * How long events wait and how long keys live, measured by the clock of the key itself.
 *
 * <p>{@link io.millrace.operators.life.WaitingById} lets an event wait for another one with its id:
 * an example for its label, and a label that has come first for its example. It bounds how long,
 * how many, and how many bytes; an event that may not wait, or that has waited too long, becomes a
 * dead letter. {@link io.millrace.operators.life.KeyLife} ends a key when an event of its own, or
 * the clock of its partition, is past its time by more than the time to live: what waits in it
 * becomes dead letters, its model is taken back, and the next event begins the key anew.
 *
 * <p>A handler holds one of each and asks them at every event. Parts of the {@link
 * io.millrace.operators.handler.Key} are changed; dead letters and tombstones leave.
 *
 * <p>Guarantees: the clock of a key is the largest event time among its examples, so waiting is a
 * function of the key's own events, and ending one of its partition's. When memory is freed changes
 * no result. No event vanishes: each is learned from, waits, or is in the dead letters. See
 * docs/adr/0006 for the corner cases, and 0012 for the clocks.
 *
 * <p>Begin with {@link io.millrace.operators.life.WaitingById}.
 *
 * <p>May use {@code operators.handler, operators.journal, operators.metrics, operators.publish,
 * schemas}.
 */
package io.millrace.operators.life;
