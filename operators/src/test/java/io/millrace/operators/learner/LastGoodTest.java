package io.millrace.operators.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.compute.Workspace;
import io.millrace.core.state.StateException;
import io.millrace.operators.handler.Key;
import io.millrace.operators.handler.KeyHandler;
import io.millrace.operators.handler.ListStage;
import io.millrace.operators.handler.MapStorage;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.publish.SnapshotPublisher;
import io.millrace.schemas.DType;
import io.millrace.schemas.Tensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is kept of the model published last, in the form of this build and of older ones. */
class LastGoodTest {
  private static final String TENSORS = "tensors";

  private final TestLearner learner = new TestLearner();
  private final Workspace workspace = new Workspace();
  private final LastGood lastGood = new LastGood(Lanes.of(learner, WarmStart.NONE), workspace);
  private Key key;
  private double[] learned;

  @BeforeEach
  void learnsAFewEvents() {
    ListStage stage = new ListStage("learn", Shells.INCARNATION, Stream.TOPICS);
    KeyHandler handler =
        Shells.stage(
                LearnerOptions.builder(Stream.TOPICS, Stream.INPUT)
                    .snapshots(Shells.snapshots(1000, null, true, DType.F64, 1 << 20))
                    .build(),
                backend -> learner)
            .handler()
            .create(stage);
    MapStorage storage = new MapStorage(true);
    key = new Key(storage, handler.blocks(), j -> j.incarnation = stage.incarnation());
    storage.at("a");
    key.open("a");
    Stream s = new Stream();
    for (int i = 0; i < 5; i++) {
      s.example("a", "", i, 0.5 * i, i, 1);
    }
    s.items().forEach(item -> handler.handle((RoutedEvent) item, key));
    learned = key.read(LearnerHandler.MODEL).block(0).clone();
    assertThat(learned).doesNotContain(0);
  }

  private List<Tensor> published(DType type) {
    return SnapshotPublisher.tensors(
        out -> learner.publish(key.read(LearnerHandler.MODEL), out, workspace),
        (name, value) -> {},
        type);
  }

  private void putBackOver(double[] other) {
    System.arraycopy(other, 0, key.write(LearnerHandler.MODEL).block(0), 0, other.length);
    lastGood.putBack(key);
  }

  @Test
  void putsBackWhatItHasKept() {
    lastGood.keep(key, published(DType.F64));
    putBackOver(new double[learned.length]);
    assertThat(key.read(LearnerHandler.MODEL).block(0)).isEqualTo(learned);
  }

  @Test
  void putsBackWhatAnOlderBuildHasKept() {
    List<Tensor> tensors = published(DType.F64);
    ByteBuffer old =
        ByteBuffer.allocate(1 + tensors.stream().mapToInt(t -> t.getData().remaining()).sum());
    old.put((byte) Double.BYTES);
    tensors.forEach(t -> old.put(t.getData().duplicate()));
    key.write(LearnerHandler.LAST_GOOD).setBytes(TENSORS, old.array());
    putBackOver(new double[learned.length]);
    assertThat(key.read(LearnerHandler.MODEL).block(0)).isEqualTo(learned);
  }

  @Test
  void bytesThatAreCutOffAreRefused() {
    lastGood.keep(key, published(DType.F32));
    byte[] whole = key.read(LearnerHandler.LAST_GOOD).bytes(TENSORS);
    for (int n = 2; n < whole.length; n++) {
      key.write(LearnerHandler.LAST_GOOD).setBytes(TENSORS, Arrays.copyOf(whole, n));
      assertThatThrownBy(() -> lastGood.putBack(key))
          .as("%d of %d bytes", n, whole.length)
          .isInstanceOf(StateException.class);
    }
  }
}
