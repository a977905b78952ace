/**
 * Golden files of policies: runs over tables of costs or rewards, of which a policy learns that of
 * the arm it plays.
 *
 * <p>Uniforms and normals are inputs of a file; {@code ListedNumbers} hands them to the policy in
 * place of a job's draws. {@code PolicyReplay} holds a policy, its state and what is kept of each
 * decision, as a job would, so that losses can come late. Arms have to be equal; probabilities,
 * indexes and statistics lie within the tolerance of the file.
 *
 * <p>A file of rewards is replayed with the cost {@code 1 - reward} for rewards in [0, 1], and with
 * {@code -reward} otherwise, since policies minimize costs.
 *
 * <p>Begin with {@link io.millrace.golden.bandit.TsallisRun}.
 *
 * <p>May use {@code core.bandit, core.bandit.catalog, core.compute, core.learn, core.rng,
 * core.state, golden.kind}.
 */
package io.millrace.golden.bandit;
