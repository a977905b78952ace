/**
 * A job's YAML, what it means, and the Flink job that it becomes.
 *
 * <p>{@link io.millrace.jobs.JobConfig} reads the YAML and reports every fault at once. A {@link
 * io.millrace.jobs.Setting} is declared once, in {@link io.millrace.jobs.Settings}, {@link
 * io.millrace.jobs.LearnerSettings} or the settings of a family: key, default, what is allowed, and
 * a sentence of documentation, from which docs/configuration.md is generated. A {@link
 * io.millrace.jobs.JobFamily} lists what a family has: settings, topics that it reads, channels
 * that it writes, and the {@link io.millrace.jobs.JobPlan} that makes stages of its settings.
 * {@link io.millrace.jobs.JobTopology} is the one topology of all families: a source over the input
 * topics, the stages, a sink for each channel. {@link io.millrace.jobs.KafkaTopics} creates topics,
 * checks the broker, and finds the number of the run. {@link io.millrace.jobs.Main} is what a
 * cluster starts. {@code KafkaCluster} is one Kafka of a job and what lies on it. {@code
 * EventSource} and {@code RestoredSplits} look at every partition before it is read, {@code
 * EventReader} keeps its clock with its offset, {@code ClientSettings} checks Kafka's settings with
 * Kafka's own validators, {@code ExistingTopics} and {@code OtherJobs} look at what is on the
 * broker already, and {@link io.millrace.jobs.KafkaReply} says what a failure of a client means.
 *
 * <p>A text comes in; a Flink job leaves. Nothing is asked of Kafka until all settings are right.
 *
 * <p>Guarantees: whoever holds a {@code JobConfig} holds one that can be run; a setting that
 * belongs to another family, or that nobody knows, is a fault with a suggestion; no secret is
 * printed. No offset is skipped and no topic left unread without a line that says so, and two jobs
 * share no transactional id unless they share prefix and name. Ids of sources and sinks come from
 * names that never change. With the same settings a job that goes on from a savepoint gives the
 * bits that one without a stop would have given.
 *
 * <p>To add a family: its settings, its plan, one line in {@code JobFamily.ALL}.
 *
 * <p>A configuration is immutable. All of it runs where the job is submitted, apart from what
 * travels with the job: the adapters of source and sink, and the model that new keys start from.
 *
 * <p>Begin with {@link io.millrace.jobs.JobFamily}, then {@link io.millrace.jobs.JobTopology}.
 *
 * <p>May use {@code core.bandit, core.bandit.catalog, core.catalog, core.compute, core.decision,
 * core.dictionary, core.dictionary.learner, core.drift, core.features, core.learn, core.learner,
 * core.model, core.monitor, core.optim.schedule, core.sample, core.sample.chain, core.sample.data,
 * core.sample.surrogate, core.scaling, core.spec, core.state, core.supervised, operators.ingress,
 * operators.learner, operators.output, operators.publish, operators.sample, operators.shell,
 * operators.tune, schemas, state}.
 */
package io.millrace.jobs;
