package io.millrace.operators.learner;

import io.millrace.core.learn.PublishedModel;
import java.io.Serializable;

/**
 * Where the model of a new key starts from. Must be a function of the key alone, else a restored
 * job does not equal an undisturbed one.
 */
@FunctionalInterface
public interface WarmStart extends Serializable {
  /** Every key starts from the learner's own start. */
  WarmStart NONE = key -> null;

  /**
   * A model to start from.
   *
   * @param parent key@version, recorded in the snapshots of the key
   */
  record Start(PublishedModel model, String parent) {}

  /** The start of a key, null: the learner's own. Called when the first event of a key comes. */
  Start of(String key);
}
