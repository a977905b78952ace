package io.millrace.core.sample.chain;

import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.Purpose;

/**
 * Where a chain goes next. All have the shares f as the long-run shares of visits, so that 1/f in
 * the estimates stays right whichever is used. Never to whoever is fastest: that would change the
 * shares.
 */
public enum Routing {
  /** Independent draws by the shares. */
  INDEPENDENT {
    @Override
    public int next(double[] shares, long[] visits, Draws draws, Workspace workspace) {
      return draws.fork(Purpose.SCHEDULE).categorical(0, shares);
    }
  },

  /** In turn: each time to the client that is furthest behind its share; draws nothing. */
  CYCLIC {
    @Override
    public int next(double[] shares, long[] visits, Draws draws, Workspace workspace) {
      int next = 0;
      for (int s = 1; s < shares.length; s++) {
        if ((visits[s] + 1) / shares[s] < (visits[next] + 1) / shares[next]) {
          next = s;
        }
      }
      return next;
    }
  },

  /**
   * A walk that avoids where it has been: {@code P(s) ~ f_s (x_s / f_s)^-alpha}, x the share of
   * visits so far, one each counted before the first, alpha 2. Doshi, Hu, Eun, "Self-Repellent
   * Random Walks on General Graphs", ICML 2023, on the complete graph. Deviations from the paper:
   * none known; recalled.
   */
  SELF_REPELLENT {
    @Override
    public int next(double[] shares, long[] visits, Draws draws, Workspace workspace) {
      double[] p = workspace.array("routing", shares.length);
      double all = shares.length;
      for (long v : visits) {
        all += v;
      }
      double sum = 0;
      for (int s = 0; s < shares.length; s++) {
        double excess = (visits[s] + 1) / (all * shares[s]);
        p[s] = shares[s] / (excess * excess);
        sum += p[s];
      }
      for (int s = 0; s < shares.length; s++) {
        p[s] /= sum;
      }
      return draws.fork(Purpose.SCHEDULE).categorical(0, p);
    }
  };

  /**
   * The next client.
   *
   * @param shares [S], sum 1, not modified
   * @param visits [S], of this chain so far, not modified
   * @param draws of the chain at the round
   */
  public abstract int next(double[] shares, long[] visits, Draws draws, Workspace workspace);
}
