/**
 * Golden files of decisions: off-policy estimators, confidence sequences, the promotion gate, and
 * arms that come and go.
 *
 * <p>Each class is a kind of file. {@link io.millrace.golden.decision.Estimates} feeds a log to the
 * estimators event by event, compares all nine with their errors, and merges two parts of it;
 * {@link io.millrace.golden.decision.Bounds} feeds values to confidence sequences; {@link
 * io.millrace.golden.decision.GateRun} plays a script of starts and observations to the gate;
 * {@link io.millrace.golden.decision.ArmsRun} has the rules around a policy, which it replays
 * through the policies of {@code core.bandit}.
 *
 * <p>Every event is processed; files list the results of some. A column that the replay does not
 * know, a row that belongs to no event, or a row out of order is a fault. A value that is null in a
 * file has no meaning at that event, and must have none here.
 *
 * <p>Begin with {@link io.millrace.golden.decision.Bounds}.
 *
 * <p>May use {@code core.bandit, core.bandit.catalog, core.bandit.contextual, core.compute,
 * core.decision, core.rng, core.state, golden.kind}.
 */
package io.millrace.golden.decision;
