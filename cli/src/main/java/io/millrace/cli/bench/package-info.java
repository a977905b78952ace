/**
 * The contract between {@code ./millrace bench} and the benchmarks.
 *
 * <p>A {@link io.millrace.cli.bench.Benchmark} has a name, a description and settings with
 * defaults; it is given an output, a directory and a value for each setting, and returns its
 * figures. The command finds benchmarks by {@link java.util.ServiceLoader}, so that the command
 * line does not depend on the peers that Millrace is measured against; those lie in the module
 * {@code bench}. {@link io.millrace.cli.bench.Machine} tells the facts of the machine that belong
 * beside every figure.
 *
 * <p>Guarantees asked of a benchmark: every figure that compares is a ratio of two things that were
 * measured in the same run, taking turns; a peer that is not installed is left out with a line that
 * says so; no test depends on a figure.
 *
 * <p>Begin with {@link io.millrace.cli.bench.Benchmark}.
 *
 * <p>May use {@code cli.console}.
 */
package io.millrace.cli.bench;
