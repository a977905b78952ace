package io.millrace.core.sample.posterior;

import io.millrace.core.learn.ModelConfig;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.state.LearnerState;
import java.util.Arrays;
import java.util.List;

/**
 * What a published posterior is made of: names of tensors and settings, and how draws become them.
 * Section 9 of docs/wire-format.md says the same to readers in other languages.
 *
 * <p>Numbers that are not known yet are published as 0, since readers take numbers: no R-hat is 0,
 * and no effective sample size of draws that vary. All tensors are 64-bit floats but the draws,
 * which have the type that the job publishes models in.
 */
public final class PosteriorForm {
  /** [d], mean of all draws of all chains. */
  public static final String MEAN = "mean";

  /** [d x d], where the statistics keep it. */
  public static final String COVARIANCE = "covariance";

  /** [d], where they do not. */
  public static final String VARIANCE = "variance";

  /** [m x d], thinned draws, chain after chain, of each in the order of its steps. */
  public static final String DRAWS = "draws";

  /** [d], split R-hat over the chains. */
  public static final String RHAT = "rhat";

  /** [d], effective sample sizes, the sum over the chains. */
  public static final String ESS = "ess";

  /** [d], variances of Laplace's approximation around the point where clients anchor. */
  public static final String LAPLACE_VARIANCE = "laplace-variance";

  /** [S], visits of all chains to each client, in the order of {@link #CLIENTS}. */
  public static final String VISITS = "visits";

  /** [S], 1 for a client that is absent and represented by its surrogate, else 0. */
  public static final String IMPUTED = "imputed";

  /** List of the clients' ids. */
  public static final String CLIENTS = "clients";

  /** Prefix of what is said about a version of the posterior and is no setting of its model. */
  public static final String PREFIX = "posterior.";

  /** 1 or 0: {@link Reliability#reliable}. Every posterior has it, no other model. */
  public static final String RELIABLE = PREFIX + "reliable";

  /** {@link Reliability#reason}; absent where there is none. */
  public static final String REASON = PREFIX + "reason";

  /** Variance of the noise, where the model's loss is the squared one. */
  public static final String DISPERSION = PREFIX + "dispersion";

  /** Metric: mean of {@code Chain.noiseRatio}, where measured. */
  public static final String NOISE_RATIO = "noise-ratio";

  /** Metric: step size times the greatest curvature; 0 where surrogates keep none. */
  public static final String STEP_CURVATURE = "step-curvature";

  /** Counter: rounds in which the clients came to the point at which they anchor. */
  public static final String ANCHOR_ROUNDS = "anchor-rounds";

  private PosteriorForm() {}

  /**
   * Writes moments, diagnostics and draws.
   *
   * @param statistics of the draws, at least one chain
   * @param chains states of the statistics, one for each chain
   * @param thinned of the draws
   * @param kept states of the thinned draws, one for each chain
   */
  public static void writeDraws(
      DrawStatistics statistics,
      List<LearnerState> chains,
      ThinnedDraws thinned,
      List<LearnerState> kept,
      ModelWriter out) {
    int d = statistics.size();
    int[] vector = {d};
    out.exact(MEAN, vector, statistics.mean(chains));
    if (statistics.keepsCovariance()) {
      double[] covariance = known(statistics.covariance(chains));
      out.exact(COVARIANCE, new int[] {d, d}, covariance);
    } else {
      out.exact(VARIANCE, vector, known(statistics.variances(chains)));
    }
    double[] rhat = new double[d];
    double[] ess = new double[d];
    for (int i = 0; i < d; i++) {
      rhat[i] = statistics.splitRhat(chains, i);
      for (LearnerState chain : chains) {
        ess[i] += statistics.effectiveSampleSize(chain, i);
      }
    }
    out.exact(RHAT, vector, known(rhat));
    out.exact(ESS, vector, known(ess));
    int m = kept.stream().mapToInt(thinned::kept).sum();
    double[] draws = new double[Math.multiplyExact(m, d)];
    int at = 0;
    for (LearnerState chain : kept) {
      int length = thinned.kept(chain) * d;
      System.arraycopy(thinned.draws(chain), 0, draws, at, length);
      at += length;
    }
    out.tensor(DRAWS, new int[] {m, d}, draws);
  }

  /** Writes whether the posterior may be relied on. */
  public static void writeReliability(Reliability reliability, ModelWriter out) {
    out.config(RELIABLE, reliability.reliable() ? "1" : "0");
    if (!reliability.reason().isEmpty()) {
      out.config(REASON, reliability.reason());
    }
  }

  /**
   * Writes who was visited.
   *
   * @param ids of the clients
   * @param visits to each, of all chains
   * @param imputed whether each is represented by its surrogate
   */
  public static void writeClients(
      List<String> ids, long[] visits, boolean[] imputed, ModelWriter out) {
    ModelConfig.writeList(CLIENTS, ids, out::config);
    double[] counts = new double[ids.size()];
    double[] absent = new double[ids.size()];
    for (int s = 0; s < counts.length; s++) {
      counts[s] = visits[s];
      absent[s] = imputed[s] ? 1 : 0;
    }
    int[] shape = {counts.length};
    out.exact(VISITS, shape, counts);
    out.exact(IMPUTED, shape, absent);
  }

  /** The same numbers, 0 for those that are none. */
  private static double[] known(double[] numbers) {
    return Arrays.stream(numbers).map(x -> Double.isFinite(x) ? x : 0).toArray();
  }
}
