package io.millrace.core.sample;

import io.millrace.core.compute.Vectors;
import java.util.Arrays;
import java.util.List;

/**
 * A Gaussian function of theta in natural parameters, {@code exp(eta' theta - theta' Lambda theta /
 * 2)}: its logarithm has the gradient {@code eta - Lambda theta}. Products are sums. Lambda may be
 * singular, as that of a client with fewer rows than parameters is; a mean and a covariance would
 * not exist then. Immutable: arrays are kept as given and must not be written to.
 */
public final class NaturalGaussian {
  /** What is kept of Lambda. */
  public enum Shape {
    /** Nothing: Lambda is 0. */
    NONE,
    /** Its diagonal, d numbers. */
    DIAGONAL,
    /** All of it, d x d numbers, row-major. */
    FULL
  }

  private final Shape shape;
  private final double[] eta;
  private final double[] lambda;

  private NaturalGaussian(Shape shape, double[] eta, double[] lambda) {
    int d = eta.length;
    int expected =
        switch (shape) {
          case NONE -> 0;
          case DIAGONAL -> d;
          case FULL -> Math.multiplyExact(d, d);
        };
    if (lambda.length != expected) {
      throw new IllegalStateException(
          "lambda has " + lambda.length + " numbers, expected " + expected);
    }
    this.shape = shape;
    this.eta = eta;
    this.lambda = lambda;
  }

  /**
   * With a full matrix.
   *
   * @param eta [d]
   * @param lambda [d x d], symmetric
   */
  public static NaturalGaussian full(double[] eta, double[] lambda) {
    return new NaturalGaussian(Shape.FULL, eta, lambda);
  }

  /**
   * With a diagonal.
   *
   * @param eta [d]
   * @param lambda [d]
   */
  public static NaturalGaussian diagonal(double[] eta, double[] lambda) {
    return new NaturalGaussian(Shape.DIAGONAL, eta, lambda);
  }

  /** Without curvature. */
  public static NaturalGaussian linear(double[] eta) {
    return new NaturalGaussian(Shape.NONE, eta, new double[0]);
  }

  /** The constant function: no knowledge of theta. */
  public static NaturalGaussian none(int size) {
    return linear(new double[size]);
  }

  public int size() {
    return eta.length;
  }

  public Shape shape() {
    return shape;
  }

  /** [d], not to be modified. */
  public double[] eta() {
    return eta;
  }

  /** As long as {@link #shape} says, not to be modified. */
  public double[] lambda() {
    return lambda;
  }

  /** Whether it is {@link #none}. */
  public boolean isNone() {
    return shape == Shape.NONE && Arrays.stream(eta).allMatch(e -> e == 0);
  }

  /**
   * Adds {@code factor (eta - Lambda theta)} to {@code out}.
   *
   * @param theta [d], not modified
   * @param out [d]
   */
  public void addGradient(double[] theta, double factor, double[] out) {
    int d = eta.length;
    for (int i = 0; i < d; i++) {
      double along =
          switch (shape) {
            case NONE -> 0;
            case DIAGONAL -> lambda[i] * theta[i];
            case FULL -> Vectors.dot(lambda, i * d, theta, 0, d);
          };
      out[i] += factor * (eta[i] - along);
    }
  }

  /**
   * Adds {@code factor Lambda} to a full matrix.
   *
   * @param out [d x d]
   */
  public void addLambda(double factor, double[] out) {
    int d = eta.length;
    switch (shape) {
      case NONE -> {}
      case DIAGONAL -> {
        for (int i = 0; i < d; i++) {
          out[i * d + i] += factor * lambda[i];
        }
      }
      case FULL -> Vectors.add(d * d, factor, lambda, out);
      default -> throw new IllegalStateException(shape.toString());
    }
  }

  /** Their product: sums of both parameters, of the fullest shape among them. */
  public static NaturalGaussian product(List<NaturalGaussian> factors) {
    NaturalGaussian product = none(factors.get(0).size());
    for (NaturalGaussian f : factors) {
      product = product.times(f, 1);
    }
    return product;
  }

  /** This function times another one to a power. */
  public NaturalGaussian times(NaturalGaussian other, double power) {
    int d = eta.length;
    double[] e = eta.clone();
    Vectors.add(d, power, other.eta, e);
    Shape fuller = shape.compareTo(other.shape) >= 0 ? shape : other.shape;
    double[] sum = new double[fuller == Shape.FULL ? d * d : fuller == Shape.DIAGONAL ? d : 0];
    addTo(fuller, 1, sum);
    other.addTo(fuller, power, sum);
    return new NaturalGaussian(fuller, e, sum);
  }

  private void addTo(Shape as, double factor, double[] sum) {
    if (as == Shape.FULL) {
      addLambda(factor, sum);
    } else if (shape == Shape.DIAGONAL) {
      Vectors.add(eta.length, factor, lambda, sum);
    }
  }

  /** This function to a power. */
  public NaturalGaussian toThe(double power) {
    double[] e = eta.clone();
    double[] l = lambda.clone();
    for (int i = 0; i < e.length; i++) {
      e[i] *= power;
    }
    for (int i = 0; i < l.length; i++) {
      l[i] *= power;
    }
    return new NaturalGaussian(shape, e, l);
  }

  /**
   * The same Lambda with the eta that gives the logarithm a given gradient at a point: {@code eta =
   * gradient + Lambda point}.
   *
   * @param point [d], not modified
   * @param gradient [d], not modified
   */
  public NaturalGaussian anchored(double[] point, double[] gradient) {
    double[] e = gradient.clone();
    new NaturalGaussian(shape, new double[e.length], lambda).addGradient(point, -1, e);
    return new NaturalGaussian(shape, e, lambda);
  }

  /** The diagonal of Lambda alone, with the eta that keeps {@code mode} a stationary point. */
  public NaturalGaussian diagonalAt(double[] mode) {
    int d = eta.length;
    double[] full = new double[d * d];
    addLambda(1, full);
    double[] e = new double[d];
    double[] diagonal = new double[d];
    for (int i = 0; i < d; i++) {
      diagonal[i] = full[i * d + i];
      e[i] = diagonal[i] * mode[i];
    }
    return diagonal(e, diagonal);
  }
}
