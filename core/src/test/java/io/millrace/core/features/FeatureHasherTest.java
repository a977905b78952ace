package io.millrace.core.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeatureHasherTest {
  /** Vectors of the reference implementation as listed in several independent ports. */
  @ParameterizedTest
  @CsvSource({
    "'', 0, 0",
    "'', 1, 514E28B7",
    "'', ffffffff, 81F16F39",
    "test, 0, BA6BD213",
    "test, 9747b28c, 704B81DC",
    "'Hello, world!', 0, C0363E43",
    "'Hello, world!', 9747b28c, 24884CBA",
    "The quick brown fox jumps over the lazy dog, 0, 2E4FF723",
    "The quick brown fox jumps over the lazy dog, 9747b28c, 2FA826CD",
    "a, 9747b28c, 7FA09EA6",
    "aa, 9747b28c, 5D211726",
    "aaa, 9747b28c, 283E0130",
    "aaaa, 9747b28c, 5A97808A"
  })
  void agreesWithKnownAnswers(String text, String seed, String expected) {
    byte[] b = text.getBytes(StandardCharsets.UTF_8);
    assertThat(FeatureHasher.murmur3(b, 0, b.length, Integer.parseUnsignedInt(seed, 16)))
        .isEqualTo(Integer.parseUnsignedInt(expected, 16));
  }

  @Property(tries = 200)
  void namesAsTextAndAsBytesFindTheSameCoordinate(
      @ForAll String name, @ForAll String value, @ForAll boolean wide) {
    FeatureHasher h = new FeatureHasher(wide ? 28 : 10);
    byte[] n = ("xy" + name).getBytes(StandardCharsets.UTF_8);
    byte[] v = (value + "z").getBytes(StandardCharsets.UTF_8);
    byte[] joined = (name + "=" + value).getBytes(StandardCharsets.UTF_8);
    int mask = (1 << (wide ? 28 : 10)) - 1;
    assertThat(h.number(name))
        .isEqualTo(h.number(n, 2, n.length - 2))
        .isEqualTo(FeatureHasher.murmur3(n, 2, n.length - 2, 0) & mask);
    assertThat(h.category(name, value))
        .isEqualTo(h.category(n, 2, n.length - 2, v, 0, v.length - 1))
        .isEqualTo(FeatureHasher.murmur3(joined, 0, joined.length, 0) & mask);
  }

  @Test
  void countsOccurrencesThatLandOnAnothersSlot() {
    FeatureHasher h = new FeatureHasher(1);
    h.number("a");
    h.number("a");
    assertThat(h.collisions()).isZero();
    for (int i = 0; i < 100; i++) {
      h.number("name-" + i);
    }
    assertThat(h.collisions()).isBetween(98L, 100L); // two slots, at most one new owner
    long before = h.collisions();
    h.number("a");
    assertThat(h.collisions()).isEqualTo(before);
  }

  @Test
  void refusesSizesItCannotHold() {
    assertThatThrownBy(() -> new FeatureHasher(29)).hasMessageContaining("29");
  }
}
