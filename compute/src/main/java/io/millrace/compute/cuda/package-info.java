/**
 * Kernels for an NVIDIA device, and the binding to its driver.
 *
 * <p>A kernel is a CUDA C++ file under {@code compute/src/main/cuda}. {@code scripts/kernels}
 * compiles it to PTX, the text that a driver compiles for its device, and keeps it among the
 * resources; {@code KernelTextTest} compiles it again where that very compiler is there. Products
 * and sums are never contracted to one rounding, sums have the order of the scalar backend, and
 * exponential, logarithm, sine and cosine are ports of what Java's StrictMath is: so the bits are
 * those of the CPU, and work may go from one to the other between two steps.
 *
 * <p>{@code Driver} lists the functions of the driver library that are used, {@link
 * io.millrace.compute.cuda.Device} opens a device and loads kernels, {@code DeviceBuffer} is memory
 * there with a pinned twin here. On top of them stands one class for each kernel, with arrays in
 * and arrays out, such as {@link io.millrace.compute.cuda.MlpGradients}.
 *
 * <p>In tests the library is another one: the kernels' own sources, compiled by g++ against a
 * header that gives them grid, blocks, shared memory, barriers and shuffles, behind the driver's
 * own functions ({@code compute/src/test/emulator}). So the classes here and every line of a kernel
 * run in every build. Nothing here has been measured on a device.
 *
 * <p>{@code CudaBackend} is the backend {@code cuda}: large products go to the device, and
 * gradients of perceptrons of many keys by {@code DeviceGradients}, and to the host where it fails.
 * What all of them hold there is counted by {@code DeviceBudget}. The other kernels are used by no
 * job yet.
 *
 * <p>Guarantees: a driver that is not there is a reason in words, not an error; a device that is
 * lost is a {@link io.millrace.compute.cuda.CudaException}.
 *
 * <p>Begin with {@link io.millrace.compute.cuda.Device}.
 *
 * <p>May use {@code core.compute}.
 */
package io.millrace.compute.cuda;
