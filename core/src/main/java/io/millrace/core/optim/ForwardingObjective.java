package io.millrace.core.optim;

/**
 * Forwards every question to another objective. Subclasses override the answers that they change,
 * or {@link #asked} to learn which questions are asked. A new question is forwarded here and
 * nowhere else.
 */
public abstract class ForwardingObjective implements Objective {
  /** The one that answers. */
  protected abstract Objective inner();

  /** Told of every question before it is answered. */
  protected void asked(Oracle question) {
    // Of use to those who count or check.
  }

  @Override
  public ParamLayout layout() {
    return inner().layout();
  }

  @Override
  public double value(double[] theta) {
    asked(Oracle.VALUE);
    return inner().value(theta);
  }

  @Override
  public void gradient(double[] theta, double[] out) {
    asked(Oracle.GRADIENT);
    inner().gradient(theta, out);
  }

  @Override
  public int samples() {
    return inner().samples();
  }

  @Override
  public void sampleGradient(double[] theta, int sample, double[] out) {
    asked(Oracle.PER_SAMPLE_GRADIENT);
    inner().sampleGradient(theta, sample, out);
  }

  @Override
  public void storeSample(int sample, double[] to, int at) {
    asked(Oracle.STORED_SAMPLE);
    inner().storeSample(sample, to, at);
  }

  @Override
  public void storedGradient(double[] theta, double[] stored, int at, double[] out) {
    asked(Oracle.STORED_SAMPLE);
    inner().storedGradient(theta, stored, at, out);
  }

  @Override
  public int layers() {
    return inner().layers();
  }

  @Override
  public Layer layer(int index) {
    asked(Oracle.LAYER);
    return inner().layer(index);
  }

  @Override
  public void hessianVector(double[] theta, double[] v, double[] out) {
    asked(Oracle.HESSIAN_VECTOR);
    inner().hessianVector(theta, v, out);
  }
}
