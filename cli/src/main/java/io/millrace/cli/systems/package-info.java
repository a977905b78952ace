/**
 * Sequences of linear systems whose solver has a parameter to be tuned: what the demo of the {@code
 * tune} job decides about, and what {@code ./millrace bench tune} measures policies by.
 *
 * <p>A {@link io.millrace.cli.systems.SystemStream} makes one system after the other, tells a
 * number that is known of it beforehand, and solves it with any omega; the iterations are the cost.
 * {@link io.millrace.cli.systems.ShiftedSystems} are those of the source paper, whose diagonal is
 * shifted at random, as {@link io.millrace.cli.systems.Shifts} says; {@link
 * io.millrace.cli.systems.HeatSteps} are the steps of a simulation. {@link
 * io.millrace.cli.systems.CostTable} has the cost of every omega of a grid on every system, so that
 * a policy can be compared with the best omega in hindsight, and many policies with each other
 * without solving anything again.
 *
 * <p>Seeds come in, iteration counts leave. Solvers are those of {@code core.solver}.
 *
 * <p>Guarantees: the systems are a function of the seed, never of the omegas that they were solved
 * with; the counts are the same on every machine.
 *
 * <p>Begin with {@link io.millrace.cli.systems.SystemStream}.
 *
 * <p>May use {@code core.compute, core.rng, core.solver}.
 */
package io.millrace.cli.systems;
