/**
 * The entry point of {@code ./millrace}.
 *
 * <p>{@link io.millrace.cli.Millrace} parses the command line, runs the command that it names, and
 * turns what was thrown into an exit code and lines on standard error. {@code Commands} lists the
 * commands, one line each. The script {@code millrace} in the root of the repository builds what
 * has changed and starts this class.
 *
 * <p>Arguments come in. A result leaves on standard output and nothing else does: with {@code
 * --json} it is exactly one JSON object. All other text goes to standard error.
 *
 * <p>Guarantees: a fault of a configuration is one line for each fault; a failure that the user can
 * act on is one line that says where it is, what is allowed and what to do; a stack trace comes
 * with {@code --debug} only. Exit codes are 0 for success, 1 for failure, 2 for a command line that
 * was not understood. Every command has a help page with an example, which a test checks.
 *
 * <p>To add a command: a class in {@code cli.commands} and one line in {@code Commands}.
 *
 * <p>Begin with {@link io.millrace.cli.Millrace}.
 *
 * <p>May use {@code cli.commands, cli.console, cli.dashboard, cli.topics, core.state, jobs}.
 */
package io.millrace.cli;
