package io.millrace.core.supervised;

/** Whether features are brought to a common scale on the way to the model. */
public enum Scaling {
  /** Features are used as they come. */
  NONE,
  /** Features are scaled by running statistics in the key's state; see {@link FeatureScaler}. */
  STANDARD
}
