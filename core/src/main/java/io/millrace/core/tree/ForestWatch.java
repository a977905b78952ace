package io.millrace.core.tree;

/** Is told what becomes of the trees of a forest; for checks. */
@FunctionalInterface
public interface ForestWatch {
  /** Of a forest that nobody watches. */
  ForestWatch NONE = (slot, change, serial) -> {};

  /** What can become of a slot. */
  enum Change {
    /** A background tree has been started. */
    WARNING,
    /** The background tree has taken over. */
    SWAP,
    /** An empty tree has taken over. */
    RESET
  }

  /** Is told of the tree that was started or took over. */
  void changed(int slot, Change change, long serial);
}
