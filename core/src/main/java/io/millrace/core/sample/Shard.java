package io.millrace.core.sample;

import java.util.Optional;

/**
 * One client as a chain sees it during a visit: its rows, the prior, how often it is visited, and
 * what it knows of the others. Holds no state of a chain.
 */
public final class Shard {
  private final Likelihood likelihood;
  private final Prior prior;
  private final double share;
  private final NaturalGaussian correction;
  private final Anchor anchor;

  /**
   * A client among others.
   *
   * @param share probability f of a visit, in (0, 1]
   * @param correction whose gradient, the conducive gradient, is added to every estimate; null:
   *     nothing is
   * @param anchor null: there is none
   */
  public Shard(
      Likelihood likelihood, Prior prior, double share, NaturalGaussian correction, Anchor anchor) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalStateException("share = " + share + ", must lie in (0, 1]");
    }
    this.likelihood = likelihood;
    this.prior = prior;
    this.share = share;
    this.correction = correction == null || correction.isNone() ? null : correction;
    this.anchor = anchor;
  }

  /** The only client: it holds all rows. */
  public static Shard whole(Likelihood likelihood, Prior prior) {
    return new Shard(likelihood, prior, 1, null, null);
  }

  /** The same client with a point at which it knows its gradient. */
  public Shard anchoredAt(double[] point) {
    return new Shard(likelihood, prior, share, correction, Anchor.of(likelihood, point));
  }

  public Likelihood likelihood() {
    return likelihood;
  }

  public Prior prior() {
    return prior;
  }

  /** Probability f of a visit. */
  public double share() {
    return share;
  }

  /** The correction, where there is one. */
  public Optional<NaturalGaussian> correction() {
    return Optional.ofNullable(correction);
  }

  /** Adds the conducive gradient at theta; nothing where there is no correction. */
  public void addCorrection(double[] theta, double[] out) {
    if (correction != null) {
      correction.addGradient(theta, 1, out);
    }
  }

  /**
   * The point at which the gradient is known.
   *
   * @throws IllegalStateException where there is none
   */
  public Anchor anchor() {
    if (anchor == null) {
      throw new IllegalStateException("the client has no anchor; an estimator asks for one");
    }
    return anchor;
  }

  public boolean isAnchored() {
    return anchor != null;
  }
}
