package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartCodecTest {
  @Test
  void aSmallSnapshotIsOneRecordUnderItsKey() throws Exception {
    ModelSnapshot s = Samples.snapshot("ctr", 7, new double[] {1, 2});
    List<ModelRecord> records = PartCodec.records(s, PartCodec.DEFAULT_PART_BYTES);
    assertThat(records).hasSize(1);
    assertThat(text(records.get(0).key())).isEqualTo("ctr");
    assertThat(SnapshotCodec.decode(records.get(0).value())).isEqualTo(s);
  }

  @Property(tries = 200)
  void partsJoinToTheSnapshot(
      @ForAll @IntRange(min = 0, max = 3000) int n,
      @ForAll @IntRange(min = 256, max = 5000) int partBytes,
      @ForAll @IntRange(min = 1, max = 9) int version)
      throws Exception {
    ModelSnapshot s = Samples.snapshot("ctr", version, new Random(n).doubles(n).toArray());
    byte[] bytes = SnapshotCodec.encode(s);
    List<ModelRecord> records = PartCodec.records(s, partBytes);
    if (bytes.length <= partBytes) {
      assertThat(records).hasSize(1);
      return;
    }
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (int i = 0; i < records.size(); i++) {
      ModelRecord r = records.get(i);
      assertThat(text(r.key())).isEqualTo("ctr/" + version % 2 + "/" + i);
      ModelPart part = SingleObject.standard().decode(ModelPart.class, r.value());
      assertThat(part.getPart()).isEqualTo(i);
      assertThat(part.getParts()).isEqualTo(records.size());
      assertThat(part.getTotalBytes()).isEqualTo(bytes.length);
      assertThat(part.getChecksum()).isEqualTo(PartCodec.checksum(bytes));
      assertThat(r.value().length).isLessThanOrEqualTo(partBytes + 128);
      joined.writeBytes(part.getData().array());
    }
    assertThat(joined.toByteArray()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({"a/0/1, a, 0, 1", "a/b/1/20, a/b, 1, 20", "/0/0, '', 0, 0"})
  void partKeysAreTakenApart(String key, String model, int slot, int part) {
    assertThat(PartCodec.parsePartKey(key)).isEqualTo(new PartCodec.PartKey(model, slot, part));
  }

  @ParameterizedTest
  @CsvSource({"a", "a/0", "a/2/1", "a/0/01", "a/0/-1", "a/0/x", "a/0/9999999999", "''"})
  void modelKeysAreNotPartKeys(String key) {
    assertThat(PartCodec.parsePartKey(key)).isNull();
  }

  @Test
  void aModelKeyThatLooksLikeAPartTravelsInParts() {
    ModelSnapshot s = Samples.snapshot("a/0/1", 3, new double[] {1});
    List<ModelRecord> records = PartCodec.records(s, PartCodec.DEFAULT_PART_BYTES);
    assertThat(records).hasSize(1);
    assertThat(text(records.get(0).key())).isEqualTo("a/0/1/1/0");
  }

  @Test
  void theChecksumIsCrc32c() {
    assertThat(PartCodec.checksum("123456789".getBytes(StandardCharsets.US_ASCII)))
        .isEqualTo(0xE3069283L);
  }

  @Test
  void tensorsKeepTheirValuesAndRefuseAWrongLength() throws Exception {
    double[] v = {1.5, -0.0, Double.NaN, 1e300};
    Tensor f64 = Tensors.of("t", new int[] {2, 2}, v, DType.F64);
    assertThat(Tensors.doubles(f64)).isEqualTo(v);
    assertThat(Tensors.shape(f64)).containsExactly(2, 2);
    assertThat(Tensors.rows(f64)).isNull();
    Tensor f32 = Tensors.of("t", new int[] {1}, new double[] {0.1}, DType.F32);
    assertThat(Tensors.doubles(f32)).containsExactly((double) 0.1f);
    assertThat(f32.getData().get(0)).as("little-endian").isEqualTo((byte) 0xCD);
    f32.setShape(List.of(2));
    assertThat(
            org.assertj.core.api.Assertions.catchThrowableOfType(
                    DecodeException.class, () -> Tensors.doubles(f32))
                .reason())
        .isEqualTo(Reason.MALFORMED);
  }

  private static String text(byte[] b) {
    return new String(b, StandardCharsets.UTF_8);
  }

  @Test
  void aTensorMayHoldSomeOfItsRows() throws DecodeException {
    int[] shape = {5, 2};
    double[] whole = {0, 0, 1, 2, 0, 0, 0, 0, 3, 4};
    Tensor t = Tensors.ofRows("t", shape, new int[] {1, 4}, new double[] {1, 2, 3, 4}, DType.F32);
    assertThat(t.getData().remaining() + t.getRows().remaining()).isEqualTo(4 * 4 + 2 * 4);
    assertThat(Tensors.rows(t)).containsExactly(1, 4);
    assertThat(Tensors.held(t)).containsExactly(1, 2, 3, 4);
    assertThat(Tensors.doubles(t)).isEqualTo(whole);
    assertThat(Tensors.size(t)).isEqualTo(10);
    Tensor none = Tensors.ofRows("t", shape, new int[0], new double[0], DType.F64);
    assertThat(Tensors.rows(none)).isEmpty();
    assertThat(Tensors.doubles(none)).isEqualTo(new double[10]);
  }

  @Test
  void rowsThatAreNotShorterAreWrittenAsAWhole() throws DecodeException {
    Tensor t =
        Tensors.ofRows(
            "t", new int[] {3}, new int[] {0, 2}, new double[] {1, 3}, DType.F32); // 16 against 12
    assertThat(t.getRows()).isNull();
    assertThat(Tensors.doubles(t)).containsExactly(1, 0, 3);
  }

  @Test
  void rowsThatAreNoneOfTheShapeAreMalformed() {
    for (int[] rows : new int[][] {{4, 1}, {1, 1}, {-1, 1}, {1, 5}}) {
      ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asIntBuffer().put(rows);
      Tensor t = new Tensor("t", DType.F32, List.of(5, 1), ByteBuffer.allocate(8), bytes);
      assertMalformed(t, "ascending indices of its first dimension");
    }
    ByteBuffer odd = ByteBuffer.allocate(5);
    assertMalformed(new Tensor("t", DType.F32, List.of(5), ByteBuffer.allocate(4), odd), "rows");
    ByteBuffer one = ByteBuffer.allocate(4);
    assertMalformed(new Tensor("t", DType.F32, List.of(5), ByteBuffer.allocate(8), one), "8 bytes");
    assertMalformed(new Tensor("t", DType.F32, List.of(), ByteBuffer.allocate(4), one), "rows");
  }

  private static void assertMalformed(Tensor t, String message) {
    DecodeException e = catchThrowableOfType(DecodeException.class, () -> Tensors.doubles(t));
    assertThat(e.reason()).isEqualTo(Reason.MALFORMED);
    assertThat(e).hasMessageContaining("tensor 't'").hasMessageContaining(message);
  }
}
