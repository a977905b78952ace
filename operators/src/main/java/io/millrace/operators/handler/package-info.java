/**
 * The contract between a stage of a family and the shell that Flink runs, and all that a stage is
 * given.
 *
 * <p>A family implements {@link io.millrace.operators.handler.KeyHandler}: what is done with an
 * event of a key, when its partition's time passes, when a timer fires, when an alarm of the
 * machine's clock goes off, and when the input ends. It gets the {@link
 * io.millrace.operators.handler.Key} at hand: the journal, blocks of numbers of its own, events
 * held, events that wait by id, and the ids seen last. Parts are fetched when they are first asked
 * for, and written back if they were changed. What a handler does to the world outside it does
 * through {@link io.millrace.operators.handler.StageContext}: emit a record, forward an event to
 * the next stage, count, and send a dead letter. {@link io.millrace.operators.handler.Steering}
 * says what orders mean to it. A {@link io.millrace.operators.handler.BlockSpec} declares blocks of
 * numbers: their schema, and the settings under which alone they are right; a savepoint that was
 * made under others is refused.
 *
 * <p>A handler is a function of the key and the event. It reads no clock, draws nothing from a
 * generator, and keeps nothing outside the key. So the same events give the same state and the same
 * records, whatever failed in between. That is what makes a restored job equal to one that never
 * failed (docs/adr/0009). An alarm alone is told what time it is, and changes nothing: it emits a
 * record that comes back among the events (docs/adr/0016).
 *
 * <p>{@link io.millrace.operators.handler.KeyStorage} is where the parts of a key are kept: Flink's
 * state backend, or maps in a test. No Flink is needed to test a handler.
 *
 * <p>Nothing here is thread-safe; a subtask has one handler.
 *
 * <p>Begin with {@link io.millrace.operators.handler.KeyHandler}, then {@link
 * io.millrace.operators.handler.Key}.
 *
 * <p>May use {@code core.compute, core.spec, core.state, operators.ingress, operators.journal,
 * operators.metrics, operators.output, operators.publish}.
 */
package io.millrace.operators.handler;
