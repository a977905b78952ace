package io.millrace.operators.learner;

import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import io.millrace.operators.handler.BlockSpec;
import io.millrace.operators.handler.Key;
import io.millrace.operators.journal.Journal;
import java.util.SortedMap;

/**
 * A key's model as it was when it was published last, kept where results must be those of a model
 * that readers have. The learner's blocks, and one behind them that says which snapshot it is.
 */
final class PublishedCopy {
  private static final String SNAPSHOT = "snapshot";
  private static final int INCARNATION = 0;
  private static final int VERSION = 1;

  private final int part;

  /**
   * A copy in a handler's list of blocks.
   *
   * @param part its place there
   */
  PublishedCopy(int part) {
    this.part = part;
  }

  /** The blocks. */
  static BlockSpec blocks(OnlineLearner learner, SortedMap<String, String> meaning) {
    StateSchema own = learner.schema();
    StateSchema.Builder all = new StateSchema.Builder();
    for (int i = 0; i < own.size(); i++) {
      all.block(own.name(i), own.type(i), own.length(i));
    }
    // The next learner's model makes this one out of date whatever it looks like: no upgrade.
    return new BlockSpec("published", learner.algorithm(), all.block(SNAPSHOT, 2).build(), meaning);
  }

  /** Takes the model that has just been published. */
  void take(Key key) {
    LearnerState from = key.read(LearnerHandler.MODEL);
    LearnerState to = key.write(part);
    int own = from.schema().size();
    to.copyFirst(from, own);
    Journal j = key.journal();
    to.block(own)[INCARNATION] = j.incarnation;
    to.block(own)[VERSION] = j.version;
  }

  /**
   * The model to make results by: the copy, or the present one where there is no copy of the newest
   * snapshot.
   *
   * @param by filled in
   */
  LearnerState model(Key key, Results.Maker by) {
    Journal j = key.journal();
    LearnerState copy = key.read(part);
    double[] snapshot = copy.block(copy.schema().size() - 1);
    boolean newest =
        j.version > 0 && snapshot[VERSION] == j.version && snapshot[INCARNATION] == j.incarnation;
    LearnerState model = newest ? copy : key.read(LearnerHandler.MODEL);
    by.incarnation = j.incarnation;
    by.version = newest ? j.version : 0;
    by.steps = model.steps();
    return model;
  }
}
