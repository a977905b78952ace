/**
 * Contracts of the topics: the records generated from {@code src/main/avro}, and the codecs that
 * put them on the wire and take them off it. {@code docs/wire-format.md} says the same for other
 * languages.
 */
package io.millrace.schemas;
