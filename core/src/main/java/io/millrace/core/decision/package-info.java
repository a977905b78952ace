/**
 * Conclusions from decisions: what another policy would have earned, between which bounds a mean
 * lies, and when a candidate may take the champion's place.
 *
 * <p>Rules are immutable objects, or static where nothing is set; the numbers are doubles in a
 * block of the caller's, at a place of the caller's, and zeros are a fresh state. So a keyed
 * handler holds any of them in its state, with bounded memory and nothing allocated per event, and
 * a restored key goes on with the same bits.
 *
 * <p>{@link io.millrace.core.decision.OffPolicy} keeps nine estimators of a policy's value from
 * decisions that were logged with their probabilities; {@link io.millrace.core.decision.ArmMeans}
 * are the predictions of the doubly robust ones, and {@link
 * io.millrace.core.decision.Probabilities} says what is wrong with a logged decision. {@link
 * io.millrace.core.decision.Baselines} are the running figures of a tuner against fixed arms.
 *
 * <p>Bounds hold at every time at once: {@link io.millrace.core.decision.EmpiricalBernstein} and
 * the narrower, more laborious {@link io.millrace.core.decision.HedgedBetting} for values with a
 * known range, {@link io.millrace.core.decision.OffPolicyBounds} for importance weighted rewards,
 * {@link io.millrace.core.decision.AsymptoticBounds} for values without one.
 *
 * <p>{@link io.millrace.core.decision.PromotionGate} tests challengers against a champion and the
 * new champion against the former one; {@link io.millrace.core.decision.Gains} are what it is told.
 * {@link io.millrace.core.decision.PublishGate} puts two of them together to say which versions of
 * a model readers may have. {@link io.millrace.core.decision.ApprenticeExit} lets a policy act that
 * has learned in the shadow of a baseline. {@link io.millrace.core.decision.ExplorationSchedule}
 * says how much to explore, and {@link io.millrace.core.decision.ArmRoster}, the one object here
 * with a state of its own, which arms there are.
 *
 * <p>Begin with {@link io.millrace.core.decision.EmpiricalBernstein}.
 *
 * <p>May use {@code core.spec, core.state}.
 */
package io.millrace.core.decision;
