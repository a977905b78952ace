/**
 * A job on a Flink cluster inside this process.
 *
 * <p>{@link io.millrace.cli.run.LocalJob} prepares the topics, starts a cluster with Flink's web
 * interface, submits the job, and follows it until it ends or is stopped, with a savepoint if that
 * is wanted. {@link io.millrace.cli.run.JobWatch} tells of every failure that makes it start again;
 * {@link io.millrace.cli.run.JobFigures} are the job's own metrics, as Flink has them, summed up.
 * {@link io.millrace.cli.run.ReadOnlyWeb} makes the web interface one to look at, since any page in
 * a browser on this machine can send to it. {@code ./millrace run} and the demo use all of them.
 *
 * <p>A checked {@link io.millrace.jobs.JobConfig} comes in. What leaves is the address of the web
 * interface, how the job stands, the path of a savepoint, and, for a job that has failed, the
 * reason in one line.
 *
 * <p>Guarantees: it is the job that a cluster would run, built by the same topology; a cluster that
 * did not start, or a job that ended by itself, is a {@link io.millrace.cli.console.CommandFailed};
 * closing ends the cluster, whatever state it is in.
 *
 * <p>One thread starts it; any may close it.
 *
 * <p>Begin with {@link io.millrace.cli.run.LocalJob}.
 *
 * <p>May use {@code cli.console, jobs}.
 */
package io.millrace.cli.run;
