package io.millrace.core.sample.surrogate;

import io.millrace.core.ConfigException;
import io.millrace.core.sample.NaturalGaussian.Shape;

/**
 * How the clients of an epoch describe themselves. Immutable.
 *
 * @param kind of surrogate
 * @param shape what is kept of the curvature; {@link Shape#NONE}: only the gradient at the anchor
 * @param anchorRounds how often a common point is agreed on at least, at which each surrogate gets
 *     the exact gradient of its client, until it is near the mode; 0: surrogates are as fitted
 */
public record SurrogateOptions(SurrogateKind kind, Shape shape, int anchorRounds) {
  /** Rounds by default: the second takes most of the first one's error away. */
  public static final int ANCHOR_ROUNDS = 2;

  public SurrogateOptions {
    if (anchorRounds < 0 || anchorRounds > 10) {
      throw new ConfigException(
          "surrogate.anchor-rounds = " + anchorRounds + "; must lie in [0, 10]");
    }
    if (anchorRounds > 0 && !kind.informs()) {
      throw new ConfigException(
          "surrogate.anchor-rounds = "
              + anchorRounds
              + "; must be 0 without surrogates, which leave the point to anchor at unknown");
    }
  }

  /** A kind with full curvature; anchored, unless it is the kind that says nothing. */
  public static SurrogateOptions of(SurrogateKind kind) {
    return new SurrogateOptions(kind, Shape.FULL, kind.informs() ? ANCHOR_ROUNDS : 0);
  }

  /** The same with another shape. */
  public SurrogateOptions withShape(Shape other) {
    return new SurrogateOptions(kind, other, anchorRounds);
  }

  /** The same with another number of rounds. */
  public SurrogateOptions withAnchorRounds(int rounds) {
    return new SurrogateOptions(kind, shape, rounds);
  }
}
