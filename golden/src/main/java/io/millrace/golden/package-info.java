/**
 * Golden files: numbers that an independent program has computed, replayed through the production
 * classes.
 *
 * <p>A golden file is JSON. It holds inputs, expected results, a tolerance, and a word on how the
 * numbers were made. {@link io.millrace.golden.Golden} reads one, finds the kind of file it is,
 * replays it, and says how it went in a {@link io.millrace.golden.GoldenResult}: it passed, it
 * failed with the first difference or with what is wrong with the file, or this build has nothing
 * that it, or a field of it, could be replayed by. It never throws for what a file holds.
 *
 * <p>{@code ./millrace check} shows the results, and the tests replay every file among their
 * resources. Nothing that runs in a job knows this module.
 *
 * <p>Expected numbers are never computed by the code under test. A file is made anew only by the
 * program that made it.
 *
 * <p>A kind of file is one class that implements {@link io.millrace.golden.kind.GoldenKind}, in the
 * package of what it checks, and one line in {@link io.millrace.golden.Golden}.
 *
 * <p>Begin with {@link io.millrace.golden.kind.GoldenKind} and one small kind, such as {@link
 * io.millrace.golden.dictionary.Projection}.
 *
 * <p>May use {@code golden.bandit, golden.decision, golden.dictionary, golden.kind, golden.monitor,
 * golden.optimizer, golden.rng, golden.sample, golden.trees, golden.tuning}.
 */
package io.millrace.golden;
