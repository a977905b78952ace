/**
 * Where numbers are multiplied: dense kernels, vector loops, and the scratch that a call works in.
 *
 * <p>{@link io.millrace.core.compute.Kernels} are few and coarse: products of matrices, Cholesky
 * factors, triangular solves, eigenvectors, roots, QR. An algorithm takes them from its workspace
 * or its step context and knows no backend. {@link io.millrace.core.compute.ScalarBackend} is the
 * reference: plain loops that sum in a fixed order, one thread, the same bits on every machine;
 * EJML does its decompositions. {@link io.millrace.core.compute.Backends} selects a backend by name
 * and finds others by the service loader.
 *
 * <p>{@link io.millrace.core.compute.Vectors} holds loops over slices of arrays. They keep several
 * partial sums, in an order that never changes, because the processor waits for a single one.
 * {@link io.millrace.core.compute.Elementary} has exponential and logarithm, with StrictMath's
 * bits. {@link io.millrace.core.compute.Workspace} holds named arrays and objects for one subtask;
 * their contents are undefined when they are asked for.
 *
 * <p>Data are {@code double[]} in row-major order, with an offset where a matrix lies inside a
 * longer array. A {@link io.millrace.core.compute.Matrix} is a view for one product. Inputs are not
 * modified, outputs are overwritten, and an output is never an input unless the method says so.
 *
 * <p>Guarantees: a reproducible backend gives the same bits on every run; steady state allocates
 * nothing; every operation works from size 0 up. Kernels and workspaces are not thread-safe,
 * backends are.
 *
 * <p>Begin with {@link io.millrace.core.compute.Kernels}.
 *
 * <p>May use {@code no other package}.
 */
package io.millrace.core.compute;
