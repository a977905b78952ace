/**
 * Budgeted tuning: which configurations of a learner, a solver or a service to try, and for how
 * long.
 *
 * <p>A {@link io.millrace.core.tuning.Tuner} hands out a {@link io.millrace.core.tuning.Trial}, a
 * point of the unit box and the resource that its configuration is to have had when the trial ends,
 * and is told the loss later. A {@link io.millrace.core.tuning.SearchBox} says which values a point
 * stands for. Resource is whatever the caller counts, for a learner the events consumed. Trials may
 * be out at the same time, and losses may come back late, twice or not at all.
 *
 * <p>Two families. Those that divide a budget continue the learners that do well and stop the
 * others: {@link io.millrace.core.tuning.SuccessiveHalving}, {@link
 * io.millrace.core.tuning.Hyperband}, and {@link io.millrace.core.tuning.Asha}, which never waits
 * and so suits a stream. Those that search take every trial as a new point: {@link
 * io.millrace.core.tuning.ConfigGp} models loss and constraints, {@link
 * io.millrace.core.tuning.OnePlusOneEs} and {@link io.millrace.core.tuning.SepCmaEs} move by what
 * was better, and {@link io.millrace.core.tuning.RandomSearch} is what they have to beat.
 *
 * <p>Policies of a bandit answer another question, which of some arms to play for every request,
 * without end; tuners stop, and choose among infinitely many.
 *
 * <p>Guarantees: tuners are immutable, and what they know lies in blocks of a {@link
 * io.millrace.core.state.LearnerState}; the same draws and the same reports give the same trials,
 * bit for bit; ties go to the lowest number; state is bounded; a loss that is not finite is worse
 * than all others and harms nothing.
 *
 * <p>A tuner is one file with its {@code SPEC}, one line in {@link io.millrace.core.tuning.Tuners},
 * and one golden file.
 *
 * <p>Begin with {@link io.millrace.core.tuning.Tuner} and {@link
 * io.millrace.core.tuning.RandomSearch}.
 *
 * <p>May use {@code core.compute, core.linalg, core.rng, core.spec, core.state}.
 */
package io.millrace.core.tuning;
