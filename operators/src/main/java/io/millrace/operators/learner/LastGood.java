package io.millrace.operators.learner;

import io.millrace.core.compute.Workspace;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.learn.StepOutcome;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateException;
import io.millrace.core.state.StateSchema;
import io.millrace.operators.handler.BlockSpec;
import io.millrace.operators.handler.Key;
import io.millrace.operators.journal.Journal;
import io.millrace.operators.publish.SnapshotPublisher;
import io.millrace.schemas.DType;
import io.millrace.schemas.DecodeException;
import io.millrace.schemas.Tensor;
import io.millrace.schemas.Tensors;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A key's model as it was last published, kept to go back to when the model itself has become the
 * fault: when one step after the other is refused that the earlier model would take. The state of
 * an optimizer is not kept, as it may be what has gone wrong; it begins anew, as in a warm start.
 *
 * <p>Kept are the bytes of an element of an ordinary tensor, 4 or 8, in one byte, then the elements
 * of all published tensors, one after the other: a part of the key's state that is written when a
 * snapshot is published and read when a model is put back.
 */
final class LastGood {
  private static final String TENSORS = "tensors";
  private static final StateSchema SCHEMA = new StateSchema.Builder().bytes(TENSORS).build();

  /** Puts a key's model to its start. */
  @FunctionalInterface
  interface Start {
    void of(LearnerState state, Key key);
  }

  private final Learners learners;
  private final SnapshotPublisher snapshots;
  private final Start start;
  private final Workspace workspace;

  LastGood(Learners learners, SnapshotPublisher snapshots, Start start, Workspace workspace) {
    this.learners = learners;
    this.snapshots = snapshots;
    this.start = start;
    this.workspace = workspace;
  }

  /** The part of a key's state. */
  static BlockSpec block(BlockSpec model) {
    return new BlockSpec("last-good", "last-good", SCHEMA, model.meaning());
  }

  /** Keeps what has been published. */
  void keep(Key key, List<Tensor> published) {
    int size = 1;
    for (Tensor t : published) {
      size = Math.addExact(size, t.getData().remaining());
    }
    ByteBuffer all = ByteBuffer.allocate(size);
    all.put((byte) (snapshots.type() == DType.F32 ? Float.BYTES : Double.BYTES));
    for (Tensor t : published) {
      all.put(t.getData().duplicate());
    }
    key.write(LearnerHandler.LAST_GOOD).setBytes(TENSORS, all.array());
  }

  /** Forgets it. */
  void forget(Key key) {
    if (key.read(LearnerHandler.LAST_GOOD).bytes(TENSORS).length > 0) {
      key.renew(LearnerHandler.LAST_GOOD);
    }
  }

  /**
   * Puts the model back, and takes the step that it has refused, if the earlier model would take
   * it. If it would not, the rows are to blame, and the model stays.
   */
  boolean rescue(Key key, Step step) {
    LearnerState earlier = new LearnerState(step.learner.schema());
    earlier.setVersion(key.read(LearnerHandler.MODEL).version());
    putBack(key, earlier);
    StepOutcome outcome = step.learner.learn(step.rows, earlier, key.name(), workspace);
    if (outcome.kind() != StepOutcome.Kind.LEARNED) {
      return false;
    }
    key.replace(LearnerHandler.MODEL, earlier);
    restored(key.journal());
    return true;
  }

  /** Puts the model back. */
  void putBack(Key key) {
    putBack(key, key.renew(LearnerHandler.MODEL));
    restored(key.journal());
  }

  private static void restored(Journal j) {
    j.refused = 0;
    j.restores++;
  }

  /** Fills a fresh state with the model as it was last published, or else with its start. */
  private void putBack(Key key, LearnerState state) {
    byte[] kept = key.read(LearnerHandler.LAST_GOOD).bytes(TENSORS);
    if (kept.length == 0) {
      start.of(state, key);
      return;
    }
    OnlineLearner learner = learners.base();
    learner.initialize(state, key.name());
    learner.warmStart(state, read(key, kept, learner, state));
  }

  /**
   * The model that is kept.
   *
   * @param like a state of the same learner, for the form of its tensors
   */
  private PublishedModel read(Key key, byte[] kept, OnlineLearner learner, LearnerState like) {
    Map<String, String> config = new TreeMap<>();
    Map<String, PublishedModel.Tensor> tensors = new HashMap<>();
    ByteBuffer left = ByteBuffer.wrap(kept);
    DType type = left.get() == Float.BYTES ? DType.F32 : DType.F64;
    for (Tensor form :
        SnapshotPublisher.tensors(
            out -> learner.publish(like, out, workspace), config::put, type)) {
      int size = form.getData().remaining();
      if (size > left.remaining()) {
        throw unfit(key, kept);
      }
      form.setData(left.slice(left.position(), size));
      left.position(left.position() + size);
      try {
        tensors.put(
            form.getName(), new PublishedModel.Tensor(Tensors.shape(form), Tensors.doubles(form)));
      } catch (DecodeException e) {
        throw new IllegalStateException("a tensor in its own form", e);
      }
    }
    if (left.hasRemaining()) {
      throw unfit(key, kept);
    }
    return new PublishedModel(config, tensors);
  }

  private static StateException unfit(Key key, byte[] kept) {
    return new StateException(
        "key '"
            + key.name()
            + "' keeps "
            + kept.length
            + " bytes of its last snapshot, which are not those of a model of this job; restore"
            + " another savepoint");
  }
}
