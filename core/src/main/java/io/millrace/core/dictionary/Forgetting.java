package io.millrace.core.dictionary;

import io.millrace.core.ConfigException;
import io.millrace.core.linalg.IntegerPower;
import io.millrace.core.spec.Choice;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import java.util.List;

/**
 * The factor {@code beta_t} by which a round keeps the statistics A and B of the rounds before.
 * {@code power} looks back on a share of all rounds until these are {@link #MEMORY} signals per
 * atom, then on that many: a source that changes is followed however long the one before it was.
 * Mairal, Bach, Ponce, Sapiro, "Online Learning for Matrix Factorization and Sparse Coding", JMLR
 * 11 (2010), section 3.4.
 */
public enum Forgetting {
  /** {@code (1 - 1/t)^rho}. */
  POWER {
    @Override
    public double keep(long t, int eta, double rho) {
      double base = 1 - 1.0 / t;
      // Whole powers as products: StrictMath.pow allocates until it is compiled.
      return rho == Math.rint(rho) ? IntegerPower.of(base, (long) rho) : StrictMath.pow(base, rho);
    }
  },
  /**
   * {@code (theta + 1 - eta) / (theta + 1)}, theta = t eta below eta, eta^2 + t - eta from it on.
   */
  MINIBATCH {
    @Override
    public double keep(long t, int eta, double rho) {
      double theta = t < eta ? (double) t * eta : (double) eta * eta + t - eta;
      return (theta + 1 - eta) / (theta + 1);
    }
  },
  /** {@code rho}. */
  EXPONENTIAL {
    @Override
    public double keep(long t, int eta, double rho) {
      return rho;
    }
  },
  /** 1: nothing is forgotten. */
  SUM {
    @Override
    public double keep(long t, int eta, double rho) {
      return 1;
    }
  };

  public static final Hyper RHO =
      new Hyper("rho", 3, Range.nonNegative(), "exponent of 'power'; factor of 'exponential'");

  /** Fewest rounds that 'power' looks back on: a batch by itself is noise. */
  private static final double LEAST_ROUNDS = 8;

  public static final Hyper MEMORY =
      new Hyper(
          "memory",
          96,
          Range.nonNegative(),
          "signals per atom that 'power' looks back on at most: what is older has next to no"
              + " weight; an atom that none of a quarter as many has used is replaced; 0: no"
              + " limit");

  public static final Choice CHOICE =
      Choice.changeable(
          "schedule",
          List.of("power", "minibatch", "exponential", "sum"),
          "how fast early codes are forgotten: (1 - 1/t)^rho with t at most that of 'memory', the"
              + " mini-batch rule of Mairal et al., rho, or not at all");

  /**
   * The factor.
   *
   * @param t round from 1
   * @param eta signals of the round
   */
  public abstract double keep(long t, int eta, double rho);

  /**
   * The factor under a limit of what is looked back on.
   *
   * @param memory signals, 0: no limit
   */
  public final double keep(long t, int eta, double rho, double memory) {
    long last = t;
    if (this == POWER && memory > 0) {
      last = (long) Math.min(t, Math.max(LEAST_ROUNDS, Math.ceil(memory / eta)));
    }
    return keep(last, eta, rho);
  }

  /**
   * The one chosen.
   *
   * @throws ConfigException where {@code rho} is no factor of 'exponential'
   */
  public static Forgetting of(String word, double rho) {
    Forgetting chosen = values()[CHOICE.values().indexOf(word)];
    if (chosen == EXPONENTIAL && !(rho > 0 && rho < 1)) {
      throw new ConfigException(
          "dictionary.rho = " + rho + "; must lie in (0, 1) because schedule is 'exponential'");
    }
    return chosen;
  }
}
