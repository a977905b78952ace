package io.millrace.core.dictionary.coder;

import io.millrace.core.dictionary.Gram;

/**
 * Which coordinate of a code to minimise over next. Nutini, Laradji, Schmidt, "Let's Make Block
 * Coordinate Descent Converge Faster", JMLR 23 (2022), section 2, for F(a) = f(a) + h(a) with f
 * quadratic, h the l1 norm. With g = - f'(a), {@code L_j = G_jj + lambda2}, {@code L = max L_j}.
 */
enum CoordinateRule {
  /** One after the other. */
  CYCLIC("coordinate-cyclic") {
    @Override
    double gain(LassoProblem problem, double g, double a, double own, double common) {
      return 1;
    }
  },
  /** The largest element of the minimum-norm subgradient. */
  GS_S("coordinate-gs-s") {
    @Override
    double gain(LassoProblem problem, double g, double a, double own, double common) {
      return problem.violation(g, a);
    }
  },
  /** The longest proximal step with the common constant. */
  GS_R("coordinate-gs-r") {
    @Override
    double gain(LassoProblem problem, double g, double a, double own, double common) {
      return Math.abs(moved(problem, g, a, common) - a);
    }
  },
  /** The smallest value of the quadratic model with the common constant. */
  GS_Q("coordinate-gs-q") {
    @Override
    double gain(LassoProblem problem, double g, double a, double own, double common) {
      return progress(problem, g, a, common);
    }
  },
  /**
   * The smallest value of the quadratic model with the coordinate's own constant; the model is
   * exact here, so this is the greatest progress that any one coordinate can make.
   */
  GSL_Q("coordinate-gsl-q") {
    @Override
    double gain(LassoProblem problem, double g, double a, double own, double common) {
      return progress(problem, g, a, own);
    }
  };

  private final String id;

  CoordinateRule(String id) {
    this.id = id;
  }

  /** The coder's id. */
  String id() {
    return id;
  }

  /**
   * What the rule maximises.
   *
   * @param g of the coordinate
   * @param a its entry
   * @param own its L_j, positive
   * @param common L
   */
  abstract double gain(LassoProblem problem, double g, double a, double own, double common);

  /** The largest constant of all coordinates. */
  static double common(LassoProblem problem, Gram gram) {
    double largest = 0;
    for (int j = 0; j < gram.atoms(); j++) {
      largest = Math.max(largest, gram.at(j, j));
    }
    return largest + problem.lambda2();
  }

  /** The entry after a proximal step. */
  static double moved(LassoProblem problem, double g, double a, double constant) {
    return problem.shrink(a + g / constant, problem.lambda() / constant);
  }

  private static double progress(LassoProblem problem, double g, double a, double constant) {
    double moved = moved(problem, g, a, constant);
    double d = moved - a;
    return g * d - 0.5 * constant * d * d - problem.lambda() * (Math.abs(moved) - Math.abs(a));
  }
}
