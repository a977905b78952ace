package io.millrace.operators.sample;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.compute.Workspace;
import io.millrace.core.sample.Anchor;
import io.millrace.core.sample.Likelihood;
import io.millrace.core.sample.NaturalGaussian;
import io.millrace.core.sample.surrogate.Federation;
import io.millrace.core.sample.surrogate.FitContext;
import io.millrace.core.sample.surrogate.SurrogateOptions;
import io.millrace.schemas.DoubleBytes;
import io.millrace.schemas.Surrogate;
import io.millrace.schemas.SurrogateEpoch;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * What a client says of its rows: that it has so many, and, when it is asked, a surrogate, stage by
 * stage. Functions of the message and the rows; {@link Federation} has the mathematics.
 */
final class Descriptions {
  private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);

  private final SampleOptions options;
  private final SurrogateOptions surrogates;
  private final Workspace workspace;
  private final String settings;
  private final int size;

  Descriptions(SampleOptions options, Workspace workspace) {
    this.options = options;
    this.surrogates = options.surrogate().make();
    this.workspace = workspace;
    this.settings = options.settings();
    this.size = options.model().size();
  }

  /** That a client has rows up to a version. */
  Surrogate offer(String client, long clientIncarnation, long version) {
    return new Surrogate(
        options.posterior(),
        client,
        clientIncarnation,
        0L,
        0L,
        0,
        version,
        NO_BYTES,
        NO_BYTES,
        NO_BYTES,
        "");
  }

  /** What is wrong with the numbers of a message; null: nothing. */
  String fault(SurrogateEpoch m) {
    boolean shared = m.getShare() > 0 && m.getShare() <= 1;
    int point = DoubleBytes.count(m.getPoint());
    int gradient = DoubleBytes.count(m.getGradient());
    if (!shared || m.getEpoch() < 1 || m.getRows() < 1 || m.getStage() < 0) {
      return "share "
          + m.getShare()
          + " of epoch "
          + m.getEpoch()
          + ", stage "
          + m.getStage()
          + ", with "
          + m.getRows()
          + " rows; a share must lie in (0, 1], the others be positive";
    }
    boolean first = m.getStage() == 0 && !m.getLive();
    NaturalGaussian own = Surrogates.read(m.getEta(), m.getLambda(), size);
    NaturalGaussian all = Surrogates.read(m.getProductEta(), m.getProductLambda(), size);
    boolean fits =
        (point == size || point == 0 && (first || m.getLive()))
            && (first || own != null)
            && (!m.getLive() || all != null && gradient == point);
    return fits ? null : "numbers that are not those of " + size + " parameters";
  }

  /** Why nothing can be said, whatever the rows; null: it can. */
  String refusal(SurrogateEpoch asked) {
    return asked.getSettings().equals(settings)
        ? null
        : "its settings differ: " + difference(asked.getSettings());
  }

  /** That a stage cannot be answered. */
  Surrogate refused(SurrogateEpoch asked, String fault) {
    return answer(asked, null, NO_BYTES, fault);
  }

  /** The answer to a stage. */
  Surrogate answer(SurrogateEpoch asked, Likelihood likelihood) {
    try {
      if (asked.getStage() > 0) {
        // A point too far out for the model is gone back from: numbers need not be finite.
        Anchor anchor = Anchor.of(likelihood, DoubleBytes.read(asked.getPoint()));
        NaturalGaussian q = anchored(likelihood, asked, anchor);
        return answer(asked, q, DoubleBytes.of(anchor.gradient()), "");
      }
      NaturalGaussian q = fitted(likelihood, asked, asked.getClient());
      return Surrogates.isFinite(q)
          ? answer(asked, q, NO_BYTES, "")
          : refused(asked, "its surrogate is not finite");
    } catch (ConfigException e) {
      return refused(asked, e.getMessage());
    }
  }

  private Surrogate answer(
      SurrogateEpoch asked, NaturalGaussian q, ByteBuffer gradient, String fault) {
    return new Surrogate(
        options.posterior(),
        asked.getClient(),
        asked.getClientIncarnation(),
        asked.getIncarnation(),
        asked.getEpoch(),
        asked.getStage(),
        asked.getRows(),
        q == null ? NO_BYTES : DoubleBytes.of(q.eta()),
        q == null ? NO_BYTES : DoubleBytes.of(q.lambda()),
        gradient,
        fault);
  }

  private NaturalGaussian fitted(Likelihood likelihood, SurrogateEpoch asked, String client) {
    FitContext context =
        FitContext.of(options.prior(), asked.getShare(), options.seed(), client, workspace);
    NaturalGaussian q = Federation.surrogate(likelihood, surrogates, context);
    // Curvature that leads to no point, and is not to be kept, is not sent.
    boolean flat =
        surrogates.shape() == NaturalGaussian.Shape.NONE && surrogates.anchorRounds() == 0;
    return flat ? Federation.flat(q, null) : q;
  }

  private NaturalGaussian anchored(Likelihood likelihood, SurrogateEpoch asked, Anchor anchor) {
    NaturalGaussian own = Surrogates.read(asked.getEta(), asked.getLambda(), size);
    return Federation.anchored(
        likelihood,
        own,
        surrogates,
        anchor,
        asked.getShare(),
        workspace.kernels(ScalarBackend.INSTANCE));
  }

  private String difference(String theirs) {
    List<String> own = Arrays.asList(settings.split("\n"));
    return Arrays.stream(theirs.split("\n"))
        .filter(line -> !own.contains(line))
        .findFirst()
        .map(line -> "'" + line + "' is asked for; this job has others")
        .orElse("this job has more of them");
  }
}
