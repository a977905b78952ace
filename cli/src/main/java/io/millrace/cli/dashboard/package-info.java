/**
 * {@code ./millrace dashboard}: a page that shows how a job and its models do.
 *
 * <p>{@code Feed} reads the topics of metrics, models and dead letters, each by a thread of its
 * own, into a {@code Board}: the newest figures of every key, a {@code Series} of each, sums over
 * the last two hours ({@code Recent}), what happened ({@code Mark}) and the last {@code Letters}.
 * {@code PageServer} serves the files of the page and answers for the board: {@code Overview} is
 * the first screen with its {@code Tiles}, {@code League} the table of keys, {@code KeyView} one
 * key's page, {@code FamilyView} what a model of a family has to show. {@code EventStreams} sends
 * what has changed. The page itself, plain modules without a build, lies in the resources beside
 * this package; app.js is where it begins.
 *
 * <p>Records come in from Kafka; JSON and files leave by HTTP on the loopback interface.
 *
 * <p>Guarantees: memory has a bound, whatever comes and however many keys there are; a page is told
 * of news at most twice a second, and is sent no point twice; a page of another origin cannot read
 * the answers; nothing is written to Kafka. What is left out of a course is counted and shown.
 *
 * <p>Thread-safe: all that is known is guarded by the lock of the board.
 *
 * <p>Begin with {@code Board} and {@code Tiles}.
 *
 * <p>May use {@code cli.console, cli.dictionary, cli.sample, cli.tune, client, client.export,
 * schemas}.
 */
package io.millrace.cli.dashboard;
