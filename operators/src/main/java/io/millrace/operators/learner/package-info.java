/**
 * The stage of every family that learns from examples: decode, predict, judge, learn, publish.
 *
 * <p>{@link io.millrace.operators.learner.LearnerHandler} is the handler. What is learned is the
 * business of an {@link io.millrace.core.learn.OnlineLearner}, which {@link
 * io.millrace.operators.learner.LearnerFactory} makes on each subtask; no class here knows an
 * algorithm. {@code Trainer} fills mini-batches, counted per key, has their steps taken, and
 * settles what came of them. A step that is refused has rows to blame: they become dead letters,
 * and the rest is learned without them; or the model is to blame, and is put back to what {@code
 * LastGood} has kept of it (docs/adr/0014). {@link io.millrace.operators.learner.Results} are what
 * may be published of every event, predictions or codes. {@link
 * io.millrace.operators.learner.WarmStart} gives a new key a published model to start from. {@link
 * io.millrace.operators.learner.LearnerOptions} are all settings of the stage.
 *
 * <p>{@code Watch} has metrics, intervals and drift of every key's model kept and told, and reacts
 * to a drift (docs/monitoring.md).
 *
 * <p>Events come in from the shell, one key at a time. Predictions, snapshots, metric records and
 * dead letters leave through channels.
 *
 * <p>Guarantees: every example is predicted before it is learned from. Where a mini-batch begins
 * and ends depends on the key's examples alone, never on barriers, bundles or records; what is left
 * over is kept as bytes (docs/adr/0004). A step is taken whole or not at all.
 *
 * <p>Under hyperparameters that orders have set, a key uses a variant of the learner from {@code
 * Variants}, made once for each set of values.
 *
 * <p>Candidates for the place of the configured learner run in {@code Lanes} beside it, on the same
 * rows; the {@code Contest} between them says which one serves (docs/adr/0017).
 *
 * <p>Where publishing needs a proof, {@code Proof} holds a model's versions back until it is there,
 * and goes back to the last good one when the model turns bad (docs/monitoring.md).
 *
 * <p>One handler per subtask, not thread-safe.
 *
 * <p>Begin with {@link io.millrace.operators.learner.LearnerHandler}, then {@code Trainer}.
 *
 * <p>May use {@code core.compute, core.decision, core.features, core.learn, core.monitor,
 * core.spec, core.state, operators.handler, operators.ingress, operators.journal, operators.life,
 * operators.metrics, operators.output, operators.publish, schemas}.
 */
package io.millrace.operators.learner;
