/**
 * Flink's serializers for what is kept in state and what crosses the shuffle.
 *
 * <p>The package is frozen. Flink writes the class name of a serializer's snapshot into every
 * savepoint and looks for it when one is restored. A class here is never renamed, moved or nested;
 * {@code frozen-state-classes.txt} lists them and a test compares. That is why the package is not
 * named after its module, and why nothing else lives in it.
 *
 * <p>A serializer knows no layout: it puts a length in front of what a {@link
 * io.millrace.operators.journal.ByteCodec} writes. The exceptions are what crosses the shuffle,
 * {@link io.millrace.state.RoutedEventSerializer} and {@link
 * io.millrace.state.OutRecordSerializer}, and {@link io.millrace.state.KeySerializer}, for which
 * every byte counts; their layouts are drawn in their documentation. {@link
 * io.millrace.state.BlocksSerializer} alone has something to say about the numbers that it keeps:
 * its snapshot holds the algorithm, its version, the schema, and the settings under which the
 * numbers are right.
 *
 * <p>Objects come in from a state backend and leave as bytes, and back.
 *
 * <p>Guarantees: a savepoint of another algorithm, of a newer format or of another meaning is
 * refused, naming what was found and what this build takes. Numbers of an older version are carried
 * as they are, and brought up to date when their key is next touched. {@code copy} is deep for what
 * is mutable, because the heap backend relies on it; {@code duplicate} gives every thread buffers
 * of its own.
 *
 * <p>Begin with {@link io.millrace.state.BlocksSerializerSnapshot}.
 *
 * <p>May use {@code core.state, operators.ingress, operators.journal, operators.output, schemas}.
 */
package io.millrace.state;
