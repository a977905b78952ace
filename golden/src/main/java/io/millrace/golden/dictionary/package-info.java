/**
 * Golden files of dictionary learning: codes, updates of dictionaries, whole runs, and image
 * patches.
 *
 * <p>Each class is a kind of file. {@link io.millrace.golden.dictionary.SparseCode} replays a file
 * through every coder that has the hyperparameters it names, so a new coder is checked without a
 * line here. {@link io.millrace.golden.dictionary.CodeIterates} and {@link
 * io.millrace.golden.dictionary.CoordinateRun} compare coders step by step, by running them with
 * one step more each time. {@link io.millrace.golden.dictionary.OnlineStep} checks the update of
 * the online method with codes that the file gives: the method is made with a coder that finds just
 * these. The others check the orthogonal, unfolded, CP and transport methods, some of them through
 * parts that core keeps public for this purpose.
 *
 * <p>Files hold matrices with atoms, signals and codes as columns; {@code Matrices} turns them to
 * the order of the production classes, one atom after the other. {@link
 * io.millrace.golden.dictionary.Patches} are image patches in a compact form, which demo and
 * benchmark learn from.
 *
 * <p>Begin with {@link io.millrace.golden.dictionary.SparseCode}.
 *
 * <p>May use {@code core.compute, core.dictionary, core.dictionary.coder, core.dictionary.cp,
 * core.dictionary.learner, core.dictionary.online, core.dictionary.orthogonal,
 * core.dictionary.unfolded, core.learn, core.linalg, core.rng, core.spec, core.state, golden.kind}.
 */
package io.millrace.golden.dictionary;
