/**
 * Products by the processor's vector instructions, with the bits of the scalar backend.
 *
 * <p>{@link io.millrace.compute.simd.SimdProvider} is found by the service loader. It offers the
 * backend {@code simd} where the JVM has the module {@code jdk.incubator.vector} and the
 * processor's vectors have at least 256 bits, and says what is missing elsewhere. The module is in
 * a JVM that was started with {@code --add-modules=ALL-SYSTEM}, if its image has it at all; named
 * by itself, it would keep a JVM without it from starting.
 *
 * <p>What is done here: dot, matrix times vector, matrix times matrix. A dot product has eight
 * partial sums, as {@link io.millrace.core.compute.Vectors} has them: the lanes of two vectors of
 * 256 bits, whatever the processor's own width. A product of matrices sums every element in the
 * order of the inner index and multiplies before it adds, so the width of a vector is not seen in
 * any bit. All else is the scalar backend's: a plain loop over one array into another is turned
 * into vector instructions by the compiler, and a gather is slower than loads.
 *
 * <p>Guarantees: for the same call, the bits of the scalar backend; where numbers are not a number,
 * a NaN for a NaN. Steady state allocates nothing once the just-in-time compiler has seen the
 * loops; before that, every vector is an object.
 *
 * <p>Classes that mention a vector are loaded when the first kernels are made and not before, so
 * that a JVM without the module can load the provider.
 *
 * <p>Begin with {@link io.millrace.compute.simd.SimdKernels}.
 *
 * <p>May use {@code core.compute}.
 */
package io.millrace.compute.simd;
