/**
 * The contracts of the topics: records in Avro, and the bytes that they are on the wire.
 *
 * <p>The records are generated from {@code src/main/avro}; they are classes of this package too.
 * {@link io.millrace.schemas.RecordKind} lists those that travel alone in a topic. {@link
 * io.millrace.schemas.SingleObject} puts a record on the wire and takes it off: two bytes of
 * marker, eight of the schema's fingerprint, the body. Every released set of schemas is kept as
 * {@code avro/vN} among the resources, so records that an older build wrote are brought to the
 * schema of today.
 *
 * <p>{@link io.millrace.schemas.AvroCursor} and {@link io.millrace.schemas.AvroSink} read and write
 * Avro's encoding field by field, for paths on which an object per record is too much. {@link
 * io.millrace.schemas.PartCodec} splits a model that is larger than a record. {@link
 * io.millrace.schemas.Tensors} turns doubles into the numbers of a published model and back. {@link
 * io.millrace.schemas.Partitioner} says where a key belongs, as Kafka's own producer does. {@link
 * io.millrace.schemas.ModelKeys} names the key that stands for all.
 *
 * <p>Guarantees: equal records give equal bytes, as maps are written in the order of their keys.
 * Reading throws a {@link io.millrace.schemas.DecodeException} with a {@link
 * io.millrace.schemas.Reason} and nothing else, and allocates in proportion to the bytes, whatever
 * lengths they claim. Schemas change only as CONTRIBUTING.md says: fields are added with a default,
 * enums grow at their end, nothing is renamed.
 *
 * <p>docs/wire-format.md says all of this for other languages; a test compares.
 *
 * <p>Codecs are thread-safe; cursors and sinks are for one thread.
 *
 * <p>Begin with {@link io.millrace.schemas.SingleObject}, then {@link
 * io.millrace.schemas.PartCodec}.
 *
 * <p>May use {@code no other package}.
 */
package io.millrace.schemas;
