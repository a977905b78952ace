/**
 * Posteriors sampled over clients that keep their rows: chains travel as tokens, clients take local
 * steps, and a router gathers draws.
 *
 * <p>Two stages. {@link io.millrace.operators.sample.ClientHandler}, keyed by client, takes in rows
 * ({@link io.millrace.operators.sample.ClientState}), answers what it is asked about them ({@link
 * io.millrace.operators.sample.Descriptions}), and takes chains through visits ({@link
 * io.millrace.operators.sample.Visits}). {@link io.millrace.operators.sample.RouterHandler}, keyed
 * by the posterior, lets clients agree on epochs ({@link io.millrace.operators.sample.Agreement}),
 * sends chains on ({@link io.millrace.operators.sample.ChainSchedule}), sends again what is not
 * answered and leaves out who is absent ({@link io.millrace.operators.sample.Presence}), and
 * publishes ({@link io.millrace.operators.sample.RouterPublishing}). {@link
 * io.millrace.operators.sample.RouterState} is what it keeps. {@link
 * io.millrace.operators.sample.SampleOptions} is what both are told, {@link
 * io.millrace.operators.sample.PosteriorModel} how rows become a likelihood. Between the stages lie
 * two topics, {@link io.millrace.operators.sample.SampleChannels}; the mathematics is the core's.
 *
 * <p>Guarantees. All that the router goes by stands in one sequence, time included, so it does the
 * same after any failure. A client's answer is a function of the message and of the rows at the
 * version it names, so the same message gets the same bytes: what chain and round lead to does not
 * depend on what failed, and a message that comes twice, late or out of order changes nothing
 * (docs/adr/0016).
 *
 * <p>Nothing here is thread-safe; a subtask has one handler.
 *
 * <p>Begin with {@link io.millrace.operators.sample.RouterHandler}.
 *
 * <p>May use {@code core.compute, core.features, core.learn, core.model, core.optim, core.rng,
 * core.sample, core.sample.chain, core.sample.data, core.sample.gaussian, core.sample.likelihood,
 * core.sample.posterior, core.sample.surrogate, core.spec, core.state, operators.handler,
 * operators.ingress, operators.journal, operators.metrics, operators.output, operators.publish,
 * schemas}.
 */
package io.millrace.operators.sample;
