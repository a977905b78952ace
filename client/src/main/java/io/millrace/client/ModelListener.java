package io.millrace.client;

/** Told of changes by the thread that reads the topic; should return soon. */
public interface ModelListener {
  /** A key has a newer model; {@link ModelStore#get} gives it already. */
  void onModel(Model model);

  /**
   * The newer model of a key is of another run than the one before: the job has been started
   * without its state, and has learned anew. Told before {@link #onModel}.
   */
  default void onNewRun(Model before, Model model) {}

  /** A key's model is gone. */
  default void onRemoved(String key) {}
}
