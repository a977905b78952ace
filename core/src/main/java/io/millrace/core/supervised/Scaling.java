package io.millrace.core.supervised;

/** Whether features are brought to a common scale on the way to the model. */
public enum Scaling {
  /** As they come. */
  NONE,
  /** By running statistics kept in the key's state; see {@link FeatureScaler}. */
  STANDARD
}
