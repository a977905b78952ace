package io.millrace.client;

/** Told of changes by the thread that reads the topic; should return soon. */
public interface ModelListener {
  /** A key has a newer model; {@link ModelStore#get} gives it already. */
  void onModel(Model model);

  /** A key's model is gone. */
  default void onRemoved(String key) {}
}
