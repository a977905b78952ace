/**
 * How well a key's model does, event by event, in bounded memory: prequential metrics beside their
 * baselines, calibration, conformal intervals, and what is done about a drift.
 *
 * <p>Every event is judged before it is learned from. {@link
 * io.millrace.core.monitor.FadingClasses} and {@link io.millrace.core.monitor.WindowClasses} count
 * classes, {@link io.millrace.core.monitor.FadingErrors} and {@link
 * io.millrace.core.monitor.WindowErrors} the errors of numbers, {@link
 * io.millrace.core.monitor.FadingScores} and {@link io.millrace.core.monitor.ScoreRing} what
 * probabilities are worth; {@link io.millrace.core.monitor.Conformal} says how far a label may be
 * from its prediction. Fading ones forget smoothly and keep sums; those of a window keep a ring,
 * and make sums of it when figures are asked for. {@link io.millrace.core.monitor.DriftWatch} has a
 * detector look at the errors, and {@link io.millrace.core.monitor.Reaction} says what follows.
 * {@link io.millrace.core.monitor.Baseline} compares a prediction with one that knows no features.
 * {@link io.millrace.core.monitor.Monitor} puts together what a {@link
 * io.millrace.core.monitor.MonitorOptions} asks for; the job and {@code millrace evaluate} use it.
 *
 * <p>All are immutable rules over doubles in a block that the caller keeps, zeros at first. Figures
 * leave by name through {@link io.millrace.core.monitor.Report}; what is not defined, such as the
 * recall of a class that has not been seen, is left out and never 0 or 1.
 *
 * <p>Guarantees: nothing is allocated per event; a restored block gives the bits of one that was
 * never interrupted.
 *
 * <p>Begin with {@link io.millrace.core.monitor.FadingClasses}, then {@link
 * io.millrace.core.monitor.Monitor}.
 *
 * <p>May use {@code core.compute, core.drift, core.drift.feature, core.features, core.learn,
 * core.rng, core.spec, core.state}.
 */
package io.millrace.core.monitor;
