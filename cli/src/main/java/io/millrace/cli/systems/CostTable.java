package io.millrace.cli.systems;

/**
 * What every omega of a grid costs on every system of a stream, and what that makes of the best
 * ones in hindsight.
 */
public final class CostTable {
  /** Omegas of the source paper's grid. */
  private static final int ARMS = 20;

  private final double[] omegas;
  private final double[] contexts;
  private final int[][] costs;
  private final double contextLow;
  private final double contextHigh;

  /** Solves the next {@code systems} systems of a stream with every omega. */
  public CostTable(SystemStream stream, int systems, double[] omegas) {
    this.omegas = omegas.clone();
    contexts = new double[systems];
    costs = new int[systems][omegas.length];
    contextLow = stream.contextLow();
    contextHigh = stream.contextHigh();
    for (int t = 0; t < systems; t++) {
      stream.next();
      contexts[t] = stream.context();
      for (int a = 0; a < omegas.length; a++) {
        costs[t][a] = stream.iterations(omegas[a]);
      }
    }
  }

  /** 1, 1.05, .. 1.95. */
  public static double[] grid() {
    double[] omegas = new double[ARMS];
    for (int a = 0; a < ARMS; a++) {
      omegas[a] = 1 + 0.05 * a;
    }
    return omegas;
  }

  public int systems() {
    return costs.length;
  }

  public int arms() {
    return omegas.length;
  }

  public double omega(int arm) {
    return omegas[arm];
  }

  public double context(int system) {
    return contexts[system];
  }

  public double contextLow() {
    return contextLow;
  }

  public double contextHigh() {
    return contextHigh;
  }

  /** Iterations of one omega on one system. */
  public int cost(int system, int arm) {
    return costs[system][arm];
  }

  /** Iterations of one omega on all systems. */
  public long fixed(int arm) {
    long sum = 0;
    for (int[] system : costs) {
      sum += system[arm];
    }
    return sum;
  }

  /** The omega with the fewest iterations on all systems, the lowest among equals. */
  public int bestFixed() {
    int best = 0;
    for (int a = 1; a < omegas.length; a++) {
      if (fixed(a) < fixed(best)) {
        best = a;
      }
    }
    return best;
  }

  /** Iterations with the best omega of the grid for each system. */
  public long instanceOptimal() {
    long sum = 0;
    for (int t = 0; t < costs.length; t++) {
      sum += least(t);
    }
    return sum;
  }

  /** Iterations with the best omega of the grid for one system. */
  public int least(int system) {
    int least = costs[system][0];
    for (int cost : costs[system]) {
      least = Math.min(least, cost);
    }
    return least;
  }
}
