/**
 * Models as files for other programs.
 *
 * <p>{@link io.millrace.client.export.SnapshotJson} writes everything that a snapshot holds, under
 * the names of its schema. {@link io.millrace.client.export.AvroFile} writes a container that
 * carries its schema, for any Avro library. {@link io.millrace.client.export.OnnxModel} writes a
 * supervised model with its scaler as a graph, for any ONNX run time: one node after the other by
 * {@code OnnxNodes}, in the encoding of protocol buffers by {@code Proto}, so that no library of
 * either is needed. {@code OnnxBody} holds what differs between kinds of models.
 *
 * <p>A {@link io.millrace.client.Model}, or its snapshot, comes in; bytes go to a stream, which is
 * flushed and stays open.
 *
 * <p>Guarantees: what a file says a score is, is what {@link io.millrace.client.Model} says, up to
 * the rounding of 32-bit floats in ONNX; the tests run the graph. A model that has no form in the
 * format is refused with the reason and a format that has one.
 *
 * <p>Nothing here keeps a state.
 *
 * <p>Begin with {@link io.millrace.client.export.OnnxModel}.
 *
 * <p>May use {@code client, schemas}.
 */
package io.millrace.client.export;
