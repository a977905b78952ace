/**
 * Orders to a running job: set or unset a hyperparameter, pause, resume, reset, snapshot, promote a
 * candidate, roll back.
 *
 * <p>{@link io.millrace.operators.control.Orders} carries them out. An order for one key comes
 * among the key's events. An order for all keys comes once to every key group, is kept there, and a
 * key follows it when it is next touched, so that it takes its place in the key's own sequence and
 * no subtask stands still (docs/adr/0011). A key that begins later inherits what its group has been
 * ordered. {@link io.millrace.operators.control.Echoes} says in the metrics topic what became of
 * each order: taken, repeated, refused, or dropped because the job's settings no longer allow it.
 *
 * <p>A {@code Control} record comes in. What leaves is a changed journal, a call of the family's
 * {@link io.millrace.operators.handler.Steering}, an echo, and for a refused order a dead letter.
 *
 * <p>Guarantees: an order with an origin is taken once, however often it is sent; a value out of
 * range, or an unknown name, changes nothing; an order takes effect between two events, never
 * within a step; orders are state, so a restored key is under the same ones.
 *
 * <p>One per subtask, not thread-safe.
 *
 * <p>Begin with {@link io.millrace.operators.control.Orders}.
 *
 * <p>May use {@code core.spec, operators.handler, operators.ingress, operators.journal,
 * operators.metrics, operators.output, operators.publish, schemas}.
 */
package io.millrace.operators.control;
