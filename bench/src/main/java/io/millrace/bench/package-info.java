/**
 * What the benchmarks share: clocks, statistics, and a peer in Python.
 *
 * <p>{@link io.millrace.bench.CpuClock} tells the CPU time of a thread, in which other work on the
 * machine counts little. {@link io.millrace.bench.Figures} gives median, least and largest value of
 * repetitions. {@link io.millrace.bench.HeapUse} tells how much of the heap is in use. {@link
 * io.millrace.bench.MemoryBandwidth} measures how fast this machine copies memory, as the bound
 * that a step over vectors cannot beat. {@link io.millrace.bench.PythonPeer} runs a script in a
 * process of its own that works when it is told to, so that its passes take turns with ours; where
 * the library is not installed, there is no peer.
 *
 * <p>Of the packages below {@code samples} makes examples, and the others hold one benchmark each.
 * They are found through {@code META-INF/services} and run by {@code ./millrace bench NAME};
 * results that were measured on a stated machine lie in docs/benchmarks.
 *
 * <p>Guarantees: a figure that compares is a ratio of two things measured in the same run; no test
 * asserts one. Neither a job nor the command line depends on this module, so the peers never reach
 * their class path.
 *
 * <p>Begin with {@link io.millrace.bench.Figures}.
 *
 * <p>May use {@code no other package}.
 */
package io.millrace.bench;
