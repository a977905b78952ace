package io.millrace.core.optim;

import java.util.Locale;

/** What an optimizer may ask of an {@link Objective}. */
public enum Oracle {
  VALUE,
  GRADIENT,
  HESSIAN_VECTOR,
  /** Gradients of the mini-batch's samples one by one. */
  PER_SAMPLE_GRADIENT,
  /** Samples stored as numbers, and their gradients at any later step. */
  STORED_SAMPLE,
  /** Inputs and output derivatives of the linear layers that a model is made of. */
  LAYER,
  /** The loss's curvature in the outputs of each layer. */
  LAYER_CURVATURE;

  /** What an objective throws that does not answer this question. */
  IllegalStateException unanswered(Objective objective) {
    return new IllegalStateException(
        objective.getClass().getSimpleName() + " does not answer for the " + title());
  }

  /** In words: lower case, blanks. */
  public String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
