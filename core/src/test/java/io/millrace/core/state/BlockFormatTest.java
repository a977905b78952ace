package io.millrace.core.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BlockFormatTest {
  private final BlockWriter writer = new BlockWriter();
  private final BlockReader reader = new BlockReader();

  private byte[] sample() {
    double[] odd = {1.5, -0.0, Double.NaN, Double.NEGATIVE_INFINITY, Double.MIN_VALUE};
    writer
        .begin(7)
        .doubles("theta", odd, odd.length)
        .longs("counts", new long[] {Long.MIN_VALUE, 3, 99}, 2)
        .bytes("empty", new byte[0], 0)
        .text("name", "größe");
    return Arrays.copyOf(writer.array(), writer.finish());
  }

  @Test
  void readsBackEveryBit() {
    byte[] b = sample();
    byte[] padded = new byte[b.length + 9];
    System.arraycopy(b, 0, padded, 5, b.length);
    reader.open(padded, 5, b.length, "state of 'k'");
    assertThat(reader.format()).isEqualTo(7);
    assertThat(reader.next()).isTrue();
    assertThat(reader.name()).isEqualTo("theta");
    assertThat(Arrays.stream(reader.doubles()).mapToLong(Double::doubleToRawLongBits).toArray())
        .containsExactly(
            Double.doubleToRawLongBits(1.5),
            Double.doubleToRawLongBits(-0.0),
            Double.doubleToRawLongBits(Double.NaN),
            Double.doubleToRawLongBits(Double.NEGATIVE_INFINITY),
            1);
    assertThat(reader.next()).isTrue();
    assertThat(reader.longs()).containsExactly(Long.MIN_VALUE, 3);
    assertThat(reader.next()).isTrue();
    assertThat(reader.bytes()).isEmpty();
    assertThat(reader.next()).isTrue();
    assertThat(reader.text()).isEqualTo("größe");
    assertThat(reader.next()).isFalse();
  }

  @Test
  void refusesEveryFlippedBitAndEveryCut() {
    byte[] b = sample();
    for (int i = 0; i < b.length * 8; i++) {
      byte[] bad = b.clone();
      bad[i / 8] ^= (byte) (1 << (i % 8));
      assertThatThrownBy(() -> reader.open(bad, 0, bad.length, "k"))
          .isInstanceOf(StateException.class);
    }
    for (int n = 0; n < b.length; n++) {
      int length = n;
      assertThatThrownBy(() -> reader.open(b, 0, length, "k")).isInstanceOf(StateException.class);
    }
  }

  @Test
  void namesTheBlockOfAnotherTypeOrLength() {
    byte[] b = sample();
    reader.open(b, 0, b.length, "k");
    reader.next();
    assertThatThrownBy(reader::longs).hasMessageContaining("'theta'");
    assertThatThrownBy(() -> reader.doubles(new double[4])).hasMessageContaining("5 elements");
  }
}
