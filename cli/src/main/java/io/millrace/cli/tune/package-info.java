/**
 * {@code ./millrace tune}: tuners, what they have decided, and what would have come of other
 * decisions.
 *
 * <p>{@link io.millrace.cli.tune.TuneListCommand} and {@link io.millrace.cli.tune.TuneShowCommand}
 * read the newest snapshots of the models topic and show them as {@code TunerView}: arms, pulls,
 * mean cost, probability. {@link io.millrace.cli.tune.TuneDecideCommand}, {@link
 * io.millrace.cli.tune.TuneReportCommand} and {@link io.millrace.cli.tune.TuneArmCommand} talk to a
 * running job through the client library; {@code TuneConnection} says by which topics.
 *
 * <p>{@link io.millrace.cli.tune.TuneLearnerCommand} lets the tuners of one job set a
 * hyperparameter of the models of another; {@code LearnerTuning} is what it makes of the metrics.
 *
 * <p>{@link io.millrace.cli.tune.TuneEvaluateCommand} reads a log of decisions and prints what
 * other policies would have cost. {@code DecisionFile} reads JSON lines, {@code DecisionTopic} the
 * topics of a job; {@code LogIntake} is what decisions of any source go through: it checks them,
 * counts each id once, turns names of arms into indexes, and names what it sets aside. {@code
 * EvaluatedPolicy} is a policy that a log is asked about, {@code ReplayedPolicy} one of a tuner's
 * that learns from the log as it goes. {@code PolicyChoice} makes those that a command line names,
 * and {@code LogEvaluation} feeds each decision to all of them and to their {@code PolicyValue}.
 *
 * <p>The estimators and bounds are those of {@code core.decision}, which a running tuner holds in
 * its state: the same log gives the same figures in both.
 *
 * <p>Guarantees: a decision without the probability that it was made with is never used, and a log
 * with one is refused; whatever is left out is counted and said; an outcome is predicted from
 * decisions before it alone. A decision that does not come is an error, unless a fallback is named.
 *
 * <p>Begin with {@link io.millrace.cli.tune.TuneShowCommand}.
 *
 * <p>May use {@code cli.console, cli.data, cli.models, cli.topics, client, core.bandit,
 * core.bandit.catalog, core.compute, core.decision, core.learn, core.rng, core.spec, core.state,
 * jobs, operators.learner, operators.tune, schemas}.
 */
package io.millrace.cli.tune;
