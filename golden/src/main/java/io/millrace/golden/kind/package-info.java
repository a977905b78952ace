/**
 * The contract of a kind of golden file, and what all kinds need: reading fields, comparing within
 * a tolerance, and counting.
 *
 * <p>A {@link io.millrace.golden.kind.GoldenKind} says which files it handles and replays one. It
 * reads by {@link io.millrace.golden.kind.Fields}, which names whatever is missing or of another
 * type, and reports every comparison to a {@link io.millrace.golden.kind.Tally}, which keeps the
 * largest error and the first fault. {@link io.millrace.golden.kind.Tolerance} has the two forms
 * that files use; errors are divided so that the bound of the file is what they may be at most.
 *
 * <p>{@link io.millrace.golden.kind.ReadFields} remembers which fields a replay has asked for. A
 * file with a field that none has is not replayed in full, and is reported as unsupported with the
 * name of the field: an option or an expectation cannot pass unread.
 *
 * <p>Two exceptions end a replay. {@link io.millrace.golden.kind.MalformedGolden}: the file is not
 * as described. {@link io.millrace.golden.kind.UnsupportedGolden}: it asks for something that this
 * build does not have. Both count as failures, with different words.
 *
 * <p>A comparison of a number that is not finite fails unless the expected number is the same.
 *
 * <p>Begin with {@link io.millrace.golden.kind.GoldenKind}.
 *
 * <p>May use {@code no other package}.
 */
package io.millrace.golden.kind;
