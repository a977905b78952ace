package io.millrace.golden.kind;

/** A golden file asks for a method or an input that this build does not have. */
public final class UnsupportedGolden extends RuntimeException {
  private static final long serialVersionUID = 1;

  public UnsupportedGolden(String message) {
    super(message);
  }
}
