package io.millrace.core.optim;

/** What an optimizer may ask of an {@link Objective}. */
public enum Oracle {
  VALUE,
  GRADIENT,
  HESSIAN_VECTOR,
  PER_SAMPLE_GRADIENT
}
