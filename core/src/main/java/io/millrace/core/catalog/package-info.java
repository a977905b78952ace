/**
 * Every optimizer, part, schedule and learner without a gradient, and how a configuration becomes
 * one of them.
 *
 * <p>{@link io.millrace.core.catalog.Optimizers}, {@link io.millrace.core.catalog.Parts} and {@link
 * io.millrace.core.catalog.Schedules} are lists with one line for each rule. A rule that is not in
 * its list does not exist: the jobs, the command line, the generated page {@code docs/catalog.md},
 * the contract tests and the restore tests go through them and know no rule by name.
 *
 * <p>{@link io.millrace.core.catalog.Learners} is the same for learners that follow no gradient.
 *
 * <p>A name and a flat set of values come in, as a job's YAML has them. {@link
 * io.millrace.core.catalog.Optimizers#configure} checks the values, makes the optimizer, and puts
 * those parts around it of which a value is named. What leaves is an {@link
 * io.millrace.core.optim.Optimizer} and the values in force. Faults are reported all at once.
 *
 * <p>This package is above the families: they know nothing of it, so that a rule can be read,
 * tested and moved without the others.
 *
 * <p>Begin with {@link io.millrace.core.catalog.Optimizers}.
 *
 * <p>May use {@code core.anomaly, core.bayes, core.compute, core.learner, core.optim,
 * core.optim.adaptive, core.optim.firstorder, core.optim.parameterfree, core.optim.part,
 * core.optim.polyak, core.optim.proximal, core.optim.schedule, core.optim.secondorder,
 * core.optim.structured, core.optim.variance, core.spec, core.tree}.
 */
package io.millrace.core.catalog;
