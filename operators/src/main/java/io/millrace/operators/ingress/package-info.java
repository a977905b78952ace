/**
 * From a Kafka record to something that can be learned from, in two steps with the shuffle between
 * them.
 *
 * <p>Before the shuffle {@link io.millrace.operators.ingress.EventRouter} looks at the header and
 * the keys of a record and at nothing else. It makes a {@link
 * io.millrace.operators.ingress.RoutedEvent}: where the record came from, whose it is, and its
 * bytes as they are. Behind the shuffle, where the model is, a reader takes the body apart: {@link
 * io.millrace.operators.ingress.ExampleReader} writes rows into {@link
 * io.millrace.core.features.Rows} without making an object, {@link
 * io.millrace.operators.ingress.LabelReader} and {@link
 * io.millrace.operators.ingress.ControlReader} are for the records that are rare. An {@link
 * io.millrace.operators.ingress.EventKind} declares a kind of record once: its code, its schema,
 * and the fields that hold its keys. A family lists the kinds that it takes; nothing in between
 * knows one by name. A {@link io.millrace.operators.ingress.PartitionClock} follows how far a
 * partition's events have come in time.
 *
 * <p>Bytes come in, of any kind and from anyone. Events, rows, labels and orders leave. What cannot
 * be used leaves as a {@link io.millrace.schemas.Reason} and a message that begins with its {@link
 * io.millrace.operators.ingress.Address}, such as {@code events-3@10442[7]}.
 *
 * <p>Guarantees: no bytes make a router or a reader throw, or allocate more than in proportion to
 * their number; the first fault of an item is the one that is reported; an item of a batch that
 * breaks a rule takes no other item with it, while bytes that make no sense anywhere in a batch are
 * a fault of all of it. An event time far beyond its record's timestamp is a fault ({@link
 * io.millrace.operators.ingress.EventTimes}). In steady state an example of the current schema
 * allocates nothing. Records of older schemas go through Avro's resolving reader first.
 *
 * <p>Codes of kinds and of reasons are written into checkpoints: one that was given is never given
 * again.
 *
 * <p>Routers and readers have buffers: one per subtask.
 *
 * <p>Begin with {@link io.millrace.operators.ingress.RoutedEvent}, then {@link
 * io.millrace.operators.ingress.ExampleReader}.
 *
 * <p>May use {@code core.features, schemas}.
 */
package io.millrace.operators.ingress;
