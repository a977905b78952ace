package io.millrace.core.tree;

/** How an active leaf votes. */
public enum LeafRule {
  /** Whichever of the two has been right more often at this leaf. */
  NAIVE_BAYES_ADAPTIVE("naive-bayes-adaptive"),
  /** Both, smoothed, weighted by how well they have done at this leaf. */
  MIXTURE("mixture"),
  /** Gaussian and nominal naive Bayes. */
  NAIVE_BAYES("naive-bayes"),
  /** Shares of the classes. */
  MAJORITY("majority");

  private final String word;

  LeafRule(String word) {
    this.word = word;
  }

  /** As configurations spell it. */
  public String word() {
    return word;
  }

  public static LeafRule of(String word) {
    for (LeafRule r : values()) {
      if (r.word.equals(word)) {
        return r;
      }
    }
    throw new IllegalStateException("leaf rule '" + word + "'");
  }
}
