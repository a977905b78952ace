/**
 * Tuners: a request comes in, a decision goes out, its cost comes back later, and the next decision
 * is better.
 *
 * <p>{@link io.millrace.operators.tune.TunerHandler} is the handler of the `tune` job; {@link
 * io.millrace.operators.tune.TuneOptions} is what it is told. {@link
 * io.millrace.operators.tune.Decider} brings a request before the policy, which is the core's and
 * knows nothing of Kafka or Flink. What comes of it, {@link io.millrace.operators.tune.Pending}, is
 * kept with the request under its id, and leaves as a {@code TuneDecision} with the probability of
 * every eligible arm. {@link io.millrace.operators.tune.Feedback} finds it there when the cost
 * comes. {@link io.millrace.operators.tune.ArmOrders} adds arms and removes them; {@link
 * io.millrace.operators.tune.Tuner} is what is kept of a tuner beside the policy's numbers.
 *
 * <p>Guarantees. A request that comes again is answered with the bytes it was answered with before.
 * A cost is learned once, with the probability that its arm had at the decision, however late it
 * comes. Decisions are a function of the order of the tuner's events and of the seed: a restored
 * job makes the decisions that an undisturbed one would have made, and where requests and feedback
 * stand in one topic, a replay repeats that order. How long a decision is kept, and when a request
 * counts as one without feedback, is measured by the event time of the tuner's requests
 * (docs/adr/0015).
 *
 * <p>Nothing here is thread-safe; a subtask has one handler.
 *
 * <p>Begin with {@link io.millrace.operators.tune.TunerHandler}.
 *
 * <p>May use {@code core.bandit, core.bandit.catalog, core.compute, core.decision, core.learn,
 * core.rng, core.spec, core.state, operators.control, operators.handler, operators.ingress,
 * operators.journal, operators.life, operators.metrics, operators.output, operators.publish,
 * schemas}.
 */
package io.millrace.operators.tune;
