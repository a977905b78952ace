/**
 * The rows that a client holds, and copies of them that do not change while chains visit.
 *
 * <p>A visit that is repeated after a failure must see the rows that it saw the first time,
 * although events have come in between. So a visit never reads the rows as they are: it names a
 * version, and the client keeps a frozen copy of the rows for each version that tokens may still
 * name. {@link io.millrace.core.sample.data.ClientRows} takes rows in, freezes them and reads
 * frozen copies; {@link io.millrace.core.sample.data.Keeping} says which rows are kept where more
 * have come than there is room for.
 *
 * <p>Data come in as dense {@link io.millrace.core.features.Rows} and leave as such. In between
 * they lie in states of three schemas that the caller owns: arrivals, which change with every row
 * and are few; the rows kept, which change when arrivals are moved there; and one state for each
 * frozen copy. Apart from each other, because a backend on disk rewrites only what has changed.
 *
 * <pre>
 * row (width + 2 doubles, little-endian)   features, label, weight
 * row i of a block                         at i (width + 2) 8 bytes
 * </pre>
 *
 * <p>Guarantees: what is kept is a function of the client's sequence of rows, the seed and the
 * client's id; indexes of a frozen copy address the rows in the order of that copy; once blocks
 * have grown nothing is allocated per row.
 *
 * <p>Begin with {@link io.millrace.core.sample.data.ClientRows}.
 *
 * <p>May use {@code core.features, core.rng, core.state}.
 */
package io.millrace.core.sample.data;
