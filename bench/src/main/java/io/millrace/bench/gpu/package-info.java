/**
 * {@code ./millrace bench gpu}, and the same as a bundle for a machine that has a GPU and no JDK:
 * every kernel against the scalar backend, first its bits, then its time.
 *
 * <p>{@link io.millrace.bench.gpu.GpuMeasurement} is a main class of its own, which needs neither
 * Flink nor the command; {@code scripts/gpu-bundle} packs it with a trimmed Java runtime. A {@code
 * Case} is one kernel at several sizes of a launch: perceptrons of many keys, sparse codes,
 * products of matrices, Langevin chains, over-relaxation. Each makes its task from a seed, has one
 * core do it, has the device do it, and compares.
 *
 * <p>What leaves is one JSON object: the device, and for each case and size the microseconds of the
 * core and of the device with copies and waiting, those of the kernel alone, the bytes it moves at
 * least, and whether all bits were equal. Bytes over the measured bandwidth of a copy within the
 * device are the time that a kernel bound by memory could take.
 *
 * <p>Guarantees: a size whose bits differ makes the whole run fail; where there is no device, the
 * run says why and measures nothing.
 *
 * <p>Begin with {@link io.millrace.bench.gpu.GpuMeasurement}.
 *
 * <p>May use {@code bench, cli.bench, cli.console, compute.cuda, core.compute, core.dictionary,
 * core.dictionary.coder, core.features, core.model, core.optim, core.rng, core.sample,
 * core.sample.chain, core.sample.gaussian, core.solver}.
 */
package io.millrace.bench.gpu;
