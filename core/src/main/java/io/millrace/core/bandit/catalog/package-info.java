/**
 * The registry of policies: what is not listed here, no configuration can name.
 *
 * <p>{@link io.millrace.core.bandit.catalog.Policies} lists every policy, finds one by its id,
 * names the one that a tuner without a choice gets, and builds one from a flat set of values.
 * Command line, generated pages, golden files and the contract tests read the list; none of them
 * knows a policy by name.
 *
 * <p>It is a package of its own because it lies above all policies, and they above their contract.
 *
 * <p>Begin with {@link io.millrace.core.bandit.catalog.Policies}.
 *
 * <p>May use {@code core.bandit, core.bandit.adversarial, core.bandit.contextual,
 * core.bandit.index, core.bandit.linear, core.bandit.restart, core.bandit.thompson, core.spec}.
 */
package io.millrace.core.bandit.catalog;
