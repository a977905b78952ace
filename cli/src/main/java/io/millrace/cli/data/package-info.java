/**
 * Rows of data files, and what becomes of their columns.
 *
 * <p>A file is CSV, TSV, LIBSVM or JSON Lines, perhaps gzipped. It is read twice. {@link
 * io.millrace.cli.data.DataScan} goes over it once and finds the columns, the classes and the
 * values of one-hot columns; the result is a {@link io.millrace.cli.data.DataSchema}. {@link
 * io.millrace.cli.data.DataReader} goes over it again and gives one {@link
 * io.millrace.cli.data.DataRow} after the other, encoded as the schema says: dense, sparse, or by
 * name. {@link io.millrace.cli.data.DataOptions} says what the columns mean, and {@link
 * io.millrace.cli.data.DataArguments} are the options of the command line that make it.
 *
 * <p>{@code RawReader} and its three kinds know the formats; nothing else does.
 *
 * <p>A path comes in; rows of numbers, names and labels leave.
 *
 * <p>Guarantees: memory does not grow with the file, and a row or a header that is too long is
 * refused; a cell that cannot be used is a {@link io.millrace.cli.data.DataException} that names
 * file, row and column, and says what is allowed; numbers are decimal, whatever the locale; {@code
 * +1}, {@code 1} and {@code 1.0} are one class.
 *
 * <p>Readers are for one thread.
 *
 * <p>Begin with {@link io.millrace.cli.data.DataScan}.
 *
 * <p>May use {@code core.features}.
 */
package io.millrace.cli.data;
