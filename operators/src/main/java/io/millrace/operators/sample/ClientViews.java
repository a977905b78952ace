package io.millrace.operators.sample;

import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.compute.Workspace;
import io.millrace.core.features.Rows;
import io.millrace.core.sample.Anchor;
import io.millrace.core.sample.Likelihood;
import io.millrace.core.sample.NaturalGaussian;
import io.millrace.core.sample.Shard;
import io.millrace.operators.handler.Key;
import io.millrace.schemas.DoubleBytes;
import io.millrace.schemas.SurrogateEpoch;
import java.util.HashMap;
import java.util.Map;

/**
 * Clients' rows and epochs as visits need them. Derived from state, so that a visit need not read
 * it again; what is kept here names the version it is of.
 */
final class ClientViews {
  private final SampleOptions options;
  private final ClientState state;
  private final Kernels kernels;
  private final int size;
  private final Map<String, Views> byClient = new HashMap<>();

  ClientViews(SampleOptions options, ClientState state, Workspace workspace) {
    this.options = options;
    this.state = state;
    this.kernels = workspace.kernels(ScalarBackend.INSTANCE);
    this.size = options.model().size();
  }

  /** Those of the client that the state is at. */
  Views of(Key key) {
    long incarnation = key.journal().incarnation;
    Views v = byClient.get(key.name());
    if (v == null || v.incarnation != incarnation) {
      v = new Views(incarnation);
      byClient.put(key.name(), v);
    }
    return v;
  }

  /** What is derived of a client's state. */
  final class Views {
    /** Of the epoch in force and the one before. */
    private static final int KEPT = 2;

    private final long incarnation;
    private final View[] views = new View[KEPT];
    private long version;
    private Likelihood likelihood;

    private Views(long incarnation) {
      this.incarnation = incarnation;
    }

    /** The likelihood of the rows of a version; null: they are not there. */
    Likelihood likelihood(long wanted) {
      if (version != wanted) {
        Rows all = new Rows(true);
        if (!state.load(wanted, all)) {
          return null;
        }
        likelihood = options.model().likelihood(all, kernels, options.clients().discount());
        version = wanted;
      }
      return likelihood;
    }

    /** An epoch; null: it, or its rows, are kept no more. */
    View of(long epoch) {
      for (View v : views) {
        if (v != null && v.epoch == epoch && v.posterior == state.heard()) {
          return v;
        }
      }
      long rows = state.rowsOf(epoch);
      Likelihood found = rows == ClientState.NONE ? null : likelihood(rows);
      if (found == null) {
        return null;
      }
      views[1] = views[0];
      views[0] = new View(state.heard(), state.epoch(epoch), found);
      return views[0];
    }
  }

  /** An epoch as a visit needs it. */
  final class View {
    private final long posterior;
    private final long epoch;
    private final Likelihood likelihood;
    private final NaturalGaussian own;
    private final NaturalGaussian product;
    private final Anchor anchor;
    private Shard shard;

    private View(long posterior, SurrogateEpoch e, Likelihood likelihood) {
      this.posterior = posterior;
      this.epoch = e.getEpoch();
      this.likelihood = likelihood;
      this.own = Surrogates.read(e.getEta(), e.getLambda(), size);
      this.product = Surrogates.read(e.getProductEta(), e.getProductLambda(), size);
      this.anchor =
          e.getPoint().hasRemaining()
              ? new Anchor(DoubleBytes.read(e.getPoint()), DoubleBytes.read(e.getGradient()))
              : null;
    }

    /** Whether the client has rows in the epoch. */
    boolean hasRows() {
      return likelihood.rows() > 0;
    }

    /** The client, visited with a probability. */
    Shard shard(double share) {
      if (shard == null || shard.share() != share) {
        shard =
            new Shard(likelihood, options.prior(), share, product.times(own, -1 / share), anchor);
      }
      return shard;
    }
  }
}
