package io.millrace.core.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FeatureEncoderTest {
  private static InputSpec input(InputSpec.Kind kind) {
    return new InputSpec(kind, 3, 10, InputSpec.Target.CLASS, List.of("no", "yes"), 3);
  }

  @Test
  void namedFeaturesAreHashedInSortedOrder() {
    FeatureEncoder encoder = new FeatureEncoder(input(InputSpec.Kind.NAMED));
    FeatureHasher hasher = new FeatureHasher(10);
    Rows rows = encoder.newRows();
    Map<String, Object> features = new LinkedHashMap<>();
    features.put("job", "clerk");
    features.put("age", 31);
    features.put("nothing", null);
    encoder.add(rows, features, encoder.label("yes"), 2);
    assertThat(rows.count()).isEqualTo(1);
    assertThat(rows.label(0)).isEqualTo(1);
    assertThat(rows.weight(0)).isEqualTo(2);
    assertThat(rows.end(0)).isEqualTo(2);
    assertThat(rows.index()[0]).isEqualTo(hasher.number("age"));
    assertThat(rows.value()[0]).isEqualTo(31);
    assertThat(rows.index()[1]).isEqualTo(hasher.category("job", "clerk"));
    assertThat(rows.value()[1]).isEqualTo(1);
  }

  @Test
  void refusesWithTheValueAndAppendsNothing() {
    FeatureEncoder dense = new FeatureEncoder(input(InputSpec.Kind.DENSE));
    FeatureEncoder sparse = new FeatureEncoder(input(InputSpec.Kind.SPARSE));
    FeatureEncoder named = new FeatureEncoder(input(InputSpec.Kind.NAMED));
    Rows rows = dense.newRows();
    assertThatThrownBy(() -> dense.add(rows, new double[2], 0, 1)).hasMessageContaining("2 values");
    assertThatThrownBy(() -> dense.add(rows, new double[] {1, 2, Double.NaN}, 0, 1))
        .hasMessageContaining("'2' = NaN");
    assertThatThrownBy(() -> dense.add(rows, new double[3], 2, 1)).hasMessageContaining("2.0");
    assertThatThrownBy(() -> dense.add(rows, new double[3], 0, -1)).hasMessageContaining("-1.0");
    assertThatThrownBy(() -> dense.label("maybe")).hasMessageContaining("[no, yes]");
    Rows other = sparse.newRows();
    assertThatThrownBy(() -> sparse.add(other, new int[] {3}, new double[] {1}, 0, 1))
        .hasMessageContaining("index 3");
    assertThatThrownBy(() -> sparse.add(other, new int[4], new double[4], 0, 1))
        .hasMessageContaining("4 features");
    assertThatThrownBy(() -> named.add(other, Map.of("a", Double.POSITIVE_INFINITY), 0, 1))
        .hasMessageContaining("'a' = Infinity");
    assertThatThrownBy(() -> named.add(other, new double[3], 0, 1)).hasMessageContaining("named");
    assertThat(rows.count()).isZero();
    assertThat(other.count()).isZero();
  }

  @Test
  void aFullVectorBecomesItsNonZeros() {
    FeatureEncoder sparse = new FeatureEncoder(input(InputSpec.Kind.SPARSE));
    Rows rows = sparse.newRows();
    sparse.add(rows, new double[] {0, 5, 0}, Double.NaN, 1);
    assertThat(rows.end(0)).isEqualTo(1);
    assertThat(rows.index()[0]).isEqualTo(1);
  }
}
