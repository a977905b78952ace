package io.millrace.core.dictionary;

import io.millrace.core.ConfigException;
import io.millrace.core.linalg.IntegerPower;
import io.millrace.core.spec.Choice;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import java.util.List;

/**
 * The factor {@code beta_t} by which a round keeps the statistics A and B of the rounds before.
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

  public static final Choice CHOICE =
      new Choice(
          "schedule",
          List.of("power", "minibatch", "exponential", "sum"),
          "how fast early codes are forgotten: (1 - 1/t)^rho, the mini-batch rule of Mairal et al.,"
              + " rho, or not at all");

  /**
   * The factor.
   *
   * @param t round from 1
   * @param eta signals of the round
   */
  public abstract double keep(long t, int eta, double rho);

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
