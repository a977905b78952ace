/**
 * {@code ./millrace demo}: broker, job and client on one machine, with real data.
 *
 * <p>{@link io.millrace.cli.demo.Demo} is the frame, the same for every family: it starts a Kafka
 * broker and a Flink cluster, streams events while it follows the models, strews broken events
 * among them, and waits until every event has been learned from or is in the dead letters. A {@code
 * DemoFamily} says what is streamed and what is made of the models: {@code LearnDemo} streams the
 * electricity market and scores rows that it held back, {@code DictionaryDemo} streams patches of
 * photographs and draws the atoms, {@code TuneDemo} solves linear systems with parameters that
 * tuners choose and draws what they have cost. A {@link io.millrace.cli.demo.DemoReport} is what
 * was seen, for people and as JSON.
 *
 * <p>{@code MetricFollower} reads the metrics of the job; {@code BrokenEvents} makes one event of
 * each kind that no job can use.
 *
 * <p>The data and the jobs' YAML lie beside the classes, with their origin in {@code ORIGIN.md}.
 * The work directory gets the YAML, so that {@code ./millrace run} can take it up.
 *
 * <p>Guarantees: the demo fails unless every event is accounted for, once; it gives up with a line
 * when nothing moves any more; Ctrl-C ends job and broker in order.
 *
 * <p>Begin with {@link io.millrace.cli.demo.Demo}.
 *
 * <p>May use {@code broker, cli.console, cli.dictionary, cli.run, cli.systems, cli.topics, client,
 * core.compute, core.dictionary.learner, core.rng, core.sample.gaussian, golden.dictionary, jobs,
 * schemas}.
 */
package io.millrace.cli.demo;
