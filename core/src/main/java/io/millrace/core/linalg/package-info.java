/**
 * Numerical methods that are built on kernels: solvers, factorizations that change,
 * orthogonalization, and minimization of smooth functions.
 *
 * <p>{@link io.millrace.core.linalg.PositiveDefinite} and {@link io.millrace.core.linalg.LuSolver}
 * solve linear systems. {@link io.millrace.core.linalg.GrowingCholesky} keeps a factor while rows
 * come and go, which active-set methods need. {@link io.millrace.core.linalg.NewtonSchulz} and
 * {@link io.millrace.core.linalg.PolarFactor} make matrices orthogonal, the first nearly and
 * cheaply, the second by a singular value decomposition. {@link io.millrace.core.linalg.Lbfgs}
 * minimizes a convex function with its gradient. {@link io.millrace.core.linalg.IntegerPower}
 * raises to whole powers by multiplications alone, so that every machine gives the same bits;
 * {@link io.millrace.core.linalg.SpectralRadius} says whether a linear recursion is stable.
 *
 * <p>Arguments are arrays and sizes; the methods know nothing of models or optimizers. Classes with
 * state are scratch: they are reused for problems of changing size, allocate only when a larger one
 * comes, and are not thread-safe. Methods that can fail, because a matrix is singular or a number
 * has overflowed, return false and say what is then undefined.
 *
 * <p>Begin with the class whose name is the method that you look for; they do not depend on each
 * other.
 *
 * <p>May use {@code core.compute}.
 */
package io.millrace.core.linalg;
