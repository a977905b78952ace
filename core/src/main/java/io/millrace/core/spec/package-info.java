/**
 * What an algorithm declares about itself: its id, the paper it comes from, its hyperparameters
 * with default, range and meaning, and its choices between words.
 *
 * <p>A declaration stands in the algorithm's own file and nowhere else. Configuration, validation,
 * the command line, the generated pages and the contract tests all read it. An {@link
 * io.millrace.core.spec.Spec} is what registries list; {@link io.millrace.core.spec.Hyper} is the
 * only home of a default; {@link io.millrace.core.spec.Range} says which values are allowed, and
 * its text is part of messages; {@link io.millrace.core.spec.Source} cites the paper and says how
 * far the rule was checked against it.
 *
 * <p>Values come in as numbers by name, as a job's YAML has them, and leave as {@link
 * io.millrace.core.spec.HyperValues}: every declared one present, every given one checked. All
 * faults of a configuration are reported at once, each with the value and the range.
 *
 * <p>All types are immutable.
 *
 * <p>Begin with {@link io.millrace.core.spec.Hyper}.
 *
 * <p>May use {@code no other package}.
 */
package io.millrace.core.spec;
