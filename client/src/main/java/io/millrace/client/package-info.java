/**
 * The library for those who use models and produce events. Needs Kafka's client library, and no
 * Flink.
 *
 * <p>{@link io.millrace.client.ModelStore} follows a topic of models and holds the newest one of
 * every key; {@link io.millrace.client.ModelStoreOptions} says which topic and which keys. A {@link
 * io.millrace.client.Model} scores features or codes signals as the job does, from the same classes
 * of the core; of a posterior, a {@link io.millrace.client.Predictive} has mean and credible
 * interval over its draws. {@link io.millrace.client.SnapshotAssembler} puts parts together and
 * lets complete models out, never a mixture of two versions. {@link io.millrace.client.StoreStatus}
 * says how fresh the store is; a {@link io.millrace.client.ModelListener} is told of every change.
 *
 * <p>{@link io.millrace.client.EventWriter} sends an {@link io.millrace.client.Event}, a label or
 * an order, idempotent and acknowledged by all replicas, and gathers examples of a key into one
 * record. {@link io.millrace.client.DeadLetterReader} reads what a job could not use, {@link
 * io.millrace.client.TopicFollower} any topic. {@link io.millrace.client.KafkaAccess} says where
 * Kafka is and how to get in.
 *
 * <p>Records come in from Kafka and leave to it. Only what was committed is read.
 *
 * <p>Guarantees: of two versions of a key the newer is that of the larger incarnation, and within
 * one the larger version (docs/adr/0008); an older one never replaces it. A model is immutable, and
 * a score of it is the one that the job would have given. A failed write is reported by the next
 * call of the writer, which then sends nothing itself. Memory for unfinished models has a bound.
 * Secrets among the properties are never printed.
 *
 * <p>Stores, models and writers are thread-safe; readers and assemblers are not.
 *
 * <p>Begin with {@link io.millrace.client.ModelStore}, {@link io.millrace.client.Model} and {@link
 * io.millrace.client.EventWriter}; README.md has an example of each.
 *
 * <p>May use {@code core.catalog, core.compute, core.dictionary, core.dictionary.learner,
 * core.features, core.learn, core.learner, core.optim, core.scaling, core.state, core.supervised,
 * schemas}.
 */
package io.millrace.client;
