/**
 * Special functions that the JDK has not, or has only with bits that depend on the machine.
 *
 * <p>{@link io.millrace.core.special.Erfc} is the complementary error function, and with it the
 * normal distribution: what share of a leaf's numbers lies below a threshold, how probable a class
 * is under a probit model. {@link io.millrace.core.special.ChiSquare} is the chi-square
 * distribution, by which counts are compared.
 *
 * <p>Every function here is pure, built from arithmetic and {@link java.lang.StrictMath} alone, and
 * says how exact it is. A replay therefore gives the same bits wherever it runs.
 *
 * <p>Begin with {@link io.millrace.core.special.Erfc}.
 *
 * <p>May use {@code no other package}.
 */
package io.millrace.core.special;
