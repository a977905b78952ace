package io.millrace.core.sample.surrogate;

import io.millrace.core.sample.Anchor;
import io.millrace.core.sample.Likelihood;
import io.millrace.core.sample.NaturalGaussian;
import io.millrace.core.sample.Prior;
import io.millrace.core.sample.Shard;
import java.util.List;

/**
 * What the clients of an epoch have agreed on: how often each is visited, a surrogate of each, and
 * their product. Conducive gradients of one epoch have mean zero over the clients, {@code sum_s f_s
 * c_s(theta) = 0}; those of two epochs together have not, so a visit uses one epoch. Immutable.
 *
 * @param shares [S], positive, sum 1
 * @param surrogates of the clients, in their order
 * @param product of the surrogates
 * @param anchors of the clients, all at one point; empty: there is no anchor
 */
public record Epoch(
    double[] shares,
    List<NaturalGaussian> surrogates,
    NaturalGaussian product,
    List<Anchor> anchors) {
  public Epoch {
    surrogates = List.copyOf(surrogates);
    anchors = List.copyOf(anchors);
    if (shares.length != surrogates.size()
        || !anchors.isEmpty() && anchors.size() != surrogates.size()) {
      throw new IllegalStateException(
          shares.length
              + " shares, "
              + surrogates.size()
              + " surrogates, "
              + anchors.size()
              + " anchors");
    }
  }

  /** An epoch of surrogates as they are. */
  public static Epoch of(double[] shares, List<NaturalGaussian> surrogates, List<Anchor> anchors) {
    return new Epoch(shares, surrogates, NaturalGaussian.product(surrogates), anchors);
  }

  /**
   * The function whose gradient is the conducive gradient of a client: {@code c_s = grad log q -
   * grad log q_s / f_s}.
   */
  public NaturalGaussian conducive(int client) {
    return product.times(surrogates.get(client), -1 / shares[client]);
  }

  /** A client in this epoch. */
  public Shard shard(int client, Likelihood likelihood, Prior prior) {
    return new Shard(
        likelihood,
        prior,
        shares[client],
        conducive(client),
        anchors.isEmpty() ? null : anchors.get(client));
  }
}
