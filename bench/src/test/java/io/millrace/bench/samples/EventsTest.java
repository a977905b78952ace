package io.millrace.bench.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.DecodeException;
import io.millrace.schemas.DenseFeatures;
import io.millrace.schemas.Example;
import io.millrace.schemas.ExampleBatch;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.SparseFeatures;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventsTest {
  @Test
  void everyKeyComesEquallyOftenAndRecordsCarryTheirKey() throws DecodeException {
    Events events = new Events(Shape.DENSE_32, 10, 4, 1, 7);
    Map<String, Integer> seen = new HashMap<>();
    for (int i = 0; i < events.size(); i++) {
      Example e = SingleObject.standard().decode(Example.class, events.value(i));
      assertThat(events.key(i)).isEqualTo(e.getKey().getBytes(StandardCharsets.UTF_8));
      assertThat(((DenseFeatures) e.getFeatures()).getValues()).hasSize(32);
      seen.merge(e.getKey(), 1, Integer::sum);
    }
    assertThat(seen).hasSize(10).allSatisfy((key, n) -> assertThat(n).isEqualTo(4));
  }

  @Test
  void batchesHoldAsManyExamplesAsAsked() throws DecodeException {
    Events events = new Events(Shape.SPARSE_1000, 3, 1, 64, 7);
    ExampleBatch batch = SingleObject.standard().decode(ExampleBatch.class, events.value(2));
    assertThat(batch.getItems()).hasSize(64);
    SparseFeatures features = (SparseFeatures) batch.getItems().get(5).getFeatures();
    assertThat(features.getIndices()).hasSize(40).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void samplesAreTheSameForTheSameSeed() {
    Samples a = new Samples(Shape.DENSE_32, 50, 3);
    Samples b = new Samples(Shape.DENSE_32, 50, 3);
    for (int i = 0; i < 50; i++) {
      assertThat(a.value(i, 31)).isEqualTo(b.value(i, 31));
      assertThat(a.label(i)).isEqualTo(b.label(i));
    }
  }
}
