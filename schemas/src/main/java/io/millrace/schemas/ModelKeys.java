package io.millrace.schemas;

/** Model keys that mean something by themselves. */
public final class ModelKeys {
  /** Key of a Control that is for every model, also for those to come. */
  public static final String ALL = "*";

  private ModelKeys() {}
}
