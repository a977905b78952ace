package io.millrace.golden.kind;

/** A golden file is not as its format says. */
public final class MalformedGolden extends RuntimeException {
  private static final long serialVersionUID = 1;

  public MalformedGolden(String message) {
    super(message);
  }
}
