package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class DeltasTest {
  private static final double[] VALUES = {0, -0.0, 1, 1.5, 1e30, Double.MIN_VALUE};

  /** Tensors of all forms: some rows, all rows, a scalar, one that has none. */
  private static List<Tensor> tensors(Random random) {
    DType type = random.nextInt(8) == 0 ? DType.F64 : DType.F32;
    int[] rows = random.ints(0, 40).distinct().limit(random.nextInt(12)).sorted().toArray();
    int leaves = 3 + random.nextInt(2);
    return List.of(
        Tensors.ofRows("weights", new int[] {40, 2}, rows, numbers(random, 2 * rows.length), type),
        Tensors.of("mean", new int[] {5, 1, 3}, numbers(random, 15), DType.F64),
        Tensors.of("bias", new int[] {}, numbers(random, 1), type),
        Tensors.of("leaves", new int[] {leaves}, numbers(random, leaves), type),
        Tensors.of("none", new int[] {0, 3}, new double[0], type));
  }

  private static double[] numbers(Random random, int n) {
    return random.ints(n, 0, VALUES.length).mapToDouble(i -> VALUES[i]).toArray();
  }

  private static ModelSnapshot snapshot(long version, List<Tensor> tensors) {
    ModelSnapshot s = Samples.snapshot("k", version, new double[] {1});
    s.setTensors(tensors);
    return s;
  }

  private static ModelDelta delta(ModelSnapshot from, ModelSnapshot to) {
    return new ModelDelta(
        to.getKey(),
        to.getIncarnation(),
        to.getVersion(),
        to.getEventTime(),
        null,
        Deltas.changes(from.getTensors(), to.getTensors()),
        Deltas.checksum(to.getTensors()),
        to.getCounters(),
        to.getMetrics(),
        to.getInputs(),
        null);
  }

  @Property(tries = 500)
  void aDeltaMakesTheNextVersionByteForByte(@ForAll long seed) throws DecodeException {
    Random random = new Random(seed);
    ModelSnapshot from = snapshot(1, tensors(random));
    byte[] untouched = SnapshotCodec.encode(from);
    for (long version = 2; version < 6; version++) {
      ModelSnapshot to = snapshot(version, tensors(random));
      ModelDelta delta =
          SingleObject.standard().decode(ModelDelta.class, SingleObject.encode(delta(from, to)));
      ModelSnapshot made = Deltas.apply(from, delta);
      assertThat(SnapshotCodec.encode(made)).isEqualTo(SnapshotCodec.encode(to));
      from = made;
    }
    assertThat(untouched).isEqualTo(SnapshotCodec.encode(snapshot(1, tensors(new Random(seed)))));
  }

  @Test
  void itHoldsWhatHasChangedAndNoMore() {
    int[] shape = {100, 1};
    Tensor before =
        Tensors.ofRows("w", shape, new int[] {3, 8, 9}, new double[] {1, 2, 3}, DType.F32);
    Tensor after =
        Tensors.ofRows("w", shape, new int[] {3, 9, 50}, new double[] {1, 4, 5}, DType.F32);
    Tensor bias = Tensors.of("bias", new int[] {}, new double[] {1}, DType.F32);
    List<TensorChange> changes = Deltas.changes(List.of(before, bias), List.of(after, bias));
    assertThat(changes)
        .containsExactly(
            new TensorChange(
                Tensors.ofRows("w", shape, new int[] {9, 50}, new double[] {4, 5}, DType.F32),
                ByteBuffer.wrap(new byte[] {8, 0, 0, 0})));
    assertThat(Deltas.changedBytes(changes)).isEqualTo(2 * 8 + 4);
    assertThat(Deltas.bytes(List.of(after, bias))).isEqualTo(3 * 8 + 4);
  }

  @Test
  void modelsOfOtherTensorsHaveNoDifference() {
    Tensor a = Tensors.of("a", new int[] {2}, new double[] {1, 2}, DType.F32);
    Tensor b = Tensors.of("b", new int[] {2}, new double[] {1, 2}, DType.F32);
    assertThat(Deltas.changes(List.of(a), List.of(a, b))).isNull();
    assertThat(Deltas.changes(List.of(a, b), List.of(b, a))).isNull();
    assertThat(Deltas.changes(List.of(a, b), List.of(a, b))).isEmpty();
  }

  @Test
  void whatIsNoDeltaOfTheModelIsRefused() throws DecodeException {
    Tensor w = Tensors.of("w", new int[] {3}, new double[] {1, 2, 3}, DType.F32);
    ModelSnapshot from = snapshot(7, List.of(w));
    Tensor v = Tensors.of("w", new int[] {3}, new double[] {1, 2, 4}, DType.F32);
    ModelDelta good = delta(from, snapshot(8, List.of(v)));
    assertRefused(from, good, d -> d.setVersion(9L), "does not follow version 7");
    assertRefused(from, good, d -> d.setIncarnation(5L), "does not follow");
    assertRefused(from, good, d -> d.setKey("other"), "does not follow");
    assertRefused(from, good, d -> d.setChecksum(17L), "announced was 11");
    assertRefused(from, good, d -> rows(d).setName("x"), "[x] were not there before");
    assertRefused(from, good, d -> rows(d).setRows(ints(5)), "ascending indices");
    assertRefused(from, good, d -> rows(d).setRows(null), "was not changed by rows");
    assertRefused(from, good, d -> rows(d).setDtype(DType.F64), "was not changed by rows");
    assertRefused(from, good, d -> rows(d).setShape(List.of(4)), "was not changed by rows");
    assertRefused(from, good, d -> rows(d).setData(ints(1, 2)), "was not changed by rows");
    assertRefused(from, good, d -> d.getChanges().get(0).setGone(ints(1)), "none of them goes");
  }

  private static Tensor rows(ModelDelta d) {
    return d.getChanges().get(0).getTensor();
  }

  private static ByteBuffer ints(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * values.length);
    Arrays.stream(values).forEach(v -> bytes.putInt(Integer.reverseBytes(v)));
    return bytes.flip();
  }

  private static void assertRefused(
      ModelSnapshot from, ModelDelta good, Consumer<ModelDelta> spoil, String message)
      throws DecodeException {
    ModelDelta delta = SingleObject.standard().decode(ModelDelta.class, SingleObject.encode(good));
    spoil.accept(delta);
    DecodeException e =
        catchThrowableOfType(DecodeException.class, () -> Deltas.apply(from, delta));
    assertThat(e).hasMessageContaining(message);
    assertThat(e.reason()).isEqualTo(Reason.MALFORMED);
  }

  @Test
  void configurationAndProvenanceAreToldApart() {
    Provenance p = Samples.snapshot("k", 1, new double[] {1}).getProvenance();
    Provenance q = Provenance.newBuilder(p).setControlEpoch(3L).build();
    long one = Deltas.fingerprint(Map.of("a", "1", "b", "2"), p);
    assertThat(Deltas.fingerprint(Map.of("b", "2", "a", "1"), p)).isEqualTo(one).isNotZero();
    assertThat(Deltas.fingerprint(Map.of("a", "1", "b", "3"), p)).isNotEqualTo(one);
    assertThat(Deltas.fingerprint(Map.of("a", "1", "b", "2"), q)).isNotEqualTo(one);
  }
}
