/**
 * {@code ./millrace bench dictionary}: dictionaries learned from patches of photographs, beside
 * scikit-learn.
 *
 * <p>{@link io.millrace.bench.dictionary.DictionaryBenchmark} lets two learners go over the same
 * patches, mini-batch by mini-batch, and compares the objective of patches that both have never
 * seen after equal numbers of signals, and the time. A {@code PatchLearner} is one of them: {@code
 * MillraceLearner} runs the learner of a job, {@code SklearnLearner} a process in Python. {@code
 * PatchTask} holds what both are given, and judges every dictionary by the same coder, to a small
 * duality gap. {@code OrthogonalRecovery} asks another question: how well a known orthogonal
 * dictionary is found again.
 *
 * <p>Patches come in from the command line's resources; objectives, seconds and ratios leave.
 *
 * <p>Guarantees: both parties see the same signals in the same order and are judged by the same
 * code; where scikit-learn is not installed, the comparison is left out with a line.
 *
 * <p>Begin with {@link io.millrace.bench.dictionary.DictionaryBenchmark}.
 *
 * <p>May use {@code bench, cli.bench, cli.console, cli.dictionary, core.compute, core.dictionary,
 * core.dictionary.coder, core.dictionary.learner, core.dictionary.orthogonal, core.features,
 * core.learn, core.rng, core.state, golden.dictionary}.
 */
package io.millrace.bench.dictionary;
