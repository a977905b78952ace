/**
 * The commands of {@code ./millrace}, one class each.
 *
 * <p>A command declares its arguments by annotations of picocli, checks them, and hands the work to
 * a package of its own where that is more than a page: {@link io.millrace.cli.commands.RunCommand}
 * to {@code cli.run}, {@link io.millrace.cli.commands.DemoCommand} to {@code cli.demo}, {@link
 * io.millrace.cli.commands.EvaluateCommand} to {@code cli.evaluate}, {@link
 * io.millrace.cli.commands.BenchCommand} to the benchmarks on the class path. Commands with parts,
 * {@link io.millrace.cli.commands.ModelsCommand}, {@link io.millrace.cli.commands.TuneCommand} and
 * {@link io.millrace.cli.commands.DeadLettersCommand}, list them; the parts lie beside what they
 * share, in {@code cli.models}, {@code cli.tune} and {@code cli.deadletters}.
 *
 * <p>{@code ModelArguments} and {@code SupervisedSetup} are for commands that build a learner: they
 * turn options into the same settings that a job's YAML makes. {@code JobYaml} writes such a YAML
 * for a data file, and {@code RowEvents} makes events of its rows.
 *
 * <p>Arguments come in through fields that picocli fills. A result leaves through {@link
 * io.millrace.cli.console.Output}, and a failure as a {@link
 * io.millrace.cli.console.CommandFailed}; a command line that makes no sense is picocli's {@code
 * ParameterException}, as for the options that picocli checks itself.
 *
 * <p>Guarantees: a command checks its arguments before it touches anything; every command has
 * {@code --json} and a help page with an example.
 *
 * <p>Begin with {@link io.millrace.cli.commands.CheckCommand}, which is short.
 *
 * <p>May use {@code broker, cli.bench, cli.catalog, cli.console, cli.data, cli.deadletters,
 * cli.demo, cli.evaluate, cli.models, cli.run, cli.sample, cli.topics, cli.tune, client,
 * core.bandit, core.bandit.catalog, core.catalog, core.dictionary, core.dictionary.learner,
 * core.features, core.learn, core.learner, core.model, core.monitor, core.optim,
 * core.optim.schedule, core.scaling, core.spec, core.supervised, golden, jobs, schemas}.
 */
package io.millrace.cli.commands;
