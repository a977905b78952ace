package io.millrace.schemas;

import org.apache.avro.Schema;

/**
 * A schema that records in a topic were written with.
 *
 * @param kind what the records are
 * @param current whether it is the schema this build writes, so that hand-written decoders apply
 * @param version newest stored version with this schema, 0: not stored (an unreleased current one)
 * @param fingerprint CRC-64-AVRO of the schema's parsing canonical form
 */
public record WriterSchema(
    RecordKind kind, boolean current, int version, long fingerprint, Schema schema) {}
