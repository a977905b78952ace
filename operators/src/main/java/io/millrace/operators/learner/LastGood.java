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
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A key's model as it was last published, kept to go back to when the model itself has become the
 * fault: when one step after the other is refused that the earlier model would take. The state of
 * an optimizer is not kept, as it may be what has gone wrong; it begins anew, as in a warm start.
 *
 * <p>Kept are all published tensors, one after the other, a part of the key's state that is written
 * when a snapshot is published and read when a model is put back:
 *
 * <pre>
 * u8 2, then of each tensor: u16 length of the name, name in UTF-8, u8 bytes of an element (4 or 8), u8 dimensions,
 *       i32 each of them, i32 rows held (-1: all), i32 each of them, elements as published
 * </pre>
 *
 * <p>Format 1 is the same without rows: all are held.
 *
 * <p>What an older build has kept begins with 4 or 8, the bytes of an element of an ordinary
 * tensor, and has the elements alone: the forms were those of the learner's own model.
 */
final class LastGood {
  private static final String TENSORS = "tensors";

  /** Begins what this build keeps. */
  private static final byte FORMAT = 2;

  /** Began what was kept before tensors could hold some of their rows. */
  private static final byte WHOLE = 1;

  private static final int ALL_ROWS = -1;

  /** Bytes of a tensor's description, its name and shape aside. */
  private static final int FORM = Short.BYTES + 2 + Integer.BYTES;

  private static final StateSchema SCHEMA = new StateSchema.Builder().bytes(TENSORS).build();

  private final Lanes lanes;
  private final Workspace workspace;

  LastGood(Lanes lanes, Workspace workspace) {
    this.lanes = lanes;
    this.workspace = workspace;
  }

  /** The part of a key's state. */
  static BlockSpec block(BlockSpec model) {
    return new BlockSpec("last-good", "last-good", SCHEMA, model.meaning());
  }

  /**
   * Most bytes that it may come to have: what the largest of the lanes may publish.
   *
   * @param type in which tensors are published
   */
  static long mostBytes(Lanes lanes, DType type, Workspace workspace) {
    long most = 0;
    for (Lane lane : lanes.all()) {
      OnlineLearner learner = lane.learner();
      LearnerState fresh = new LearnerState(learner.schema());
      learner.initialize(fresh, "");
      List<Tensor> published =
          SnapshotPublisher.tensors(
              out -> learner.publish(fresh, out, workspace), (name, value) -> {}, type);
      most = Math.max(most, size(published) + learner.publishedGrowth());
    }
    return most;
  }

  /** Keeps what has been published. */
  void keep(Key key, List<Tensor> published) {
    ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(size(published)));
    all.put(FORMAT);
    for (Tensor t : published) {
      byte[] name = name(t);
      all.putShort((short) name.length).put(name);
      all.put((byte) (t.getDtype() == DType.F32 ? Float.BYTES : Double.BYTES));
      all.put((byte) t.getShape().size());
      t.getShape().forEach(all::putInt);
      if (t.getRows() == null) {
        all.putInt(ALL_ROWS);
      } else {
        all.putInt(t.getRows().remaining() / Integer.BYTES).put(t.getRows().duplicate());
      }
      all.put(t.getData().duplicate());
    }
    key.write(LearnerHandler.LAST_GOOD).setBytes(TENSORS, all.array());
  }

  /** What has been published last, as it was; empty: it is not known. */
  List<Tensor> published(Key key) {
    byte[] kept = key.read(LearnerHandler.LAST_GOOD).bytes(TENSORS);
    if (kept.length == 0 || kept[0] != FORMAT) {
      return List.of();
    }
    List<Tensor> tensors = new ArrayList<>();
    ByteBuffer left = ByteBuffer.wrap(kept, 1, kept.length - 1);
    try {
      while (left.hasRemaining()) {
        tensors.add(described(left, true));
      }
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      throw unfit(key, kept, e);
    }
    return tensors;
  }

  /** Bytes of tensors as they are kept. */
  private static long size(List<Tensor> published) {
    long size = 1;
    for (Tensor t : published) {
      size += FORM + name(t).length + Integer.BYTES * t.getShape().size();
      size += t.getData().remaining();
      size += t.getRows() == null ? 0 : t.getRows().remaining();
    }
    return size;
  }

  private static byte[] name(Tensor t) {
    return t.getName().getBytes(StandardCharsets.UTF_8);
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
    earlier.setVersion(key.read(step.model).version());
    putBack(key, earlier);
    StepOutcome outcome = step.learner.learn(step.rows, earlier, key.name(), workspace);
    if (outcome.kind() != StepOutcome.Kind.LEARNED) {
      return false;
    }
    key.replace(step.model, earlier);
    restored(key.journal());
    return true;
  }

  /** Puts the model back. */
  void putBack(Key key) {
    putBack(key, key.renew(lanes.serving(key).model));
    restored(key.journal());
  }

  private static void restored(Journal j) {
    j.refused = 0;
    j.restores++;
  }

  /** Fills a fresh state with the model as it was last published, or else with its start. */
  private void putBack(Key key, LearnerState state) {
    begin(key, lanes.serving(key), state);
  }

  /**
   * Fills the fresh state of a lane with the model as it was last published, where that was one and
   * of the lane's form, or else with the lane's start.
   */
  void begin(Key key, Lane lane, LearnerState state) {
    byte[] kept = key.read(LearnerHandler.LAST_GOOD).bytes(TENSORS);
    if (kept.length == 0 || !lane.isOfForm(lanes.serving(key))) {
      lanes.start(key, lane, state);
      return;
    }
    OnlineLearner learner = lane.learner();
    learner.initialize(state, key.name());
    learner.warmStart(state, read(key, kept, learner, state));
  }

  /**
   * The model that is kept.
   *
   * @param like a state of the same learner, for its settings, and for the form of its tensors
   *     where an older build has kept them
   */
  private PublishedModel read(Key key, byte[] kept, OnlineLearner learner, LearnerState like) {
    Map<String, String> config = new TreeMap<>();
    ByteBuffer left = ByteBuffer.wrap(kept);
    byte format = left.get();
    DType type = format == Float.BYTES ? DType.F32 : DType.F64;
    List<Tensor> forms =
        SnapshotPublisher.tensors(out -> learner.publish(like, out, workspace), config::put, type);
    Map<String, PublishedModel.Tensor> tensors = new HashMap<>();
    try {
      if (format == FORMAT || format == WHOLE) {
        while (left.hasRemaining()) {
          put(tensors, described(left, format == FORMAT));
        }
      } else {
        for (Tensor form : forms) {
          form.setData(slice(left, form.getData().remaining()));
          put(tensors, form);
        }
      }
    } catch (BufferUnderflowException | IndexOutOfBoundsException | DecodeException e) {
      throw unfit(key, kept, e);
    }
    if (left.hasRemaining()) {
      throw unfit(key, kept, null);
    }
    return new PublishedModel(config, tensors);
  }

  private static void put(Map<String, PublishedModel.Tensor> tensors, Tensor t)
      throws DecodeException {
    tensors.put(
        t.getName(), new PublishedModel.Tensor(Tensors.shape(t), Tensors.rows(t), Tensors.held(t)));
  }

  /**
   * A tensor that says what it is.
   *
   * @param someRows whether it says which rows it holds
   */
  private static Tensor described(ByteBuffer left, boolean someRows) {
    byte[] name = new byte[Short.toUnsignedInt(left.getShort())];
    left.get(name);
    int element = left.get();
    List<Integer> shape = new ArrayList<>();
    long size = element;
    for (int dimensions = left.get(); dimensions > 0; dimensions--) {
      int n = left.getInt();
      shape.add(n);
      size *= n;
    }
    int held = someRows ? left.getInt() : ALL_ROWS;
    ByteBuffer rows = null;
    if (held != ALL_ROWS) {
      rows = slice(left, (long) held * Integer.BYTES);
      size = shape.get(0) == 0 ? 0 : size / shape.get(0) * held;
    }
    return new Tensor(
        new String(name, StandardCharsets.UTF_8),
        element == Float.BYTES ? DType.F32 : DType.F64,
        shape,
        slice(left, size),
        rows);
  }

  private static ByteBuffer slice(ByteBuffer left, long size) {
    if (size < 0 || size > left.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer data = left.slice(left.position(), (int) size);
    left.position(left.position() + (int) size);
    return data;
  }

  private static StateException unfit(Key key, byte[] kept, Exception cause) {
    return new StateException(
        "key '"
            + key.name()
            + "' keeps "
            + kept.length
            + " bytes of its last snapshot, which are not those of a model of this job; restore"
            + " another savepoint",
        cause);
  }
}
