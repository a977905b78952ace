/**
 * The commands that look at a {@code sample} job.
 *
 * <p>{@link io.millrace.cli.sample.SampleClientsCommand} and {@link
 * io.millrace.cli.sample.SampleChainsCommand} read the newest {@code FederationStatus} from the
 * topic of metrics through {@link io.millrace.cli.sample.StatusTopic}: who is there and who is
 * waited for, where each chain is. {@link io.millrace.cli.sample.SampleEpochCommand} sends an order
 * and waits there for what comes of it. {@link io.millrace.cli.sample.SampleShowCommand} reads the
 * posterior itself from the topic of models, through the client library; {@link
 * io.millrace.cli.sample.PosteriorView} makes of it what people are shown.
 *
 * <p>What they print is what readers of the topics see: committed records, so as old as the last
 * checkpoint.
 *
 * <p>Begin with {@link io.millrace.cli.sample.SampleShowCommand}.
 *
 * <p>May use {@code cli.console, cli.models, cli.topics, client, schemas}.
 */
package io.millrace.cli.sample;
