package io.millrace.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.demo.ElectricityStream.Row;
import io.millrace.schemas.DecodeException;
import io.millrace.schemas.Example;
import io.millrace.schemas.SingleObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class ElectricityStreamTest {
  @Test
  void hasTheRowsAndLabelsThatItsOriginStates() {
    List<Row> rows = ElectricityStream.rows(Integer.MAX_VALUE);
    assertThat(rows).hasSize(45_312);
    assertThat(rows.stream().filter(r -> r.label().equals("UP"))).hasSize(19_237);
  }

  @Test
  void aRowIsSevenNumbersAndOneOfSevenDays() {
    Row row = ElectricityStream.rows(2).get(1);
    assertThat(row.features())
        .containsExactly(
            0, 0.021277, 0.051699, 0.415055, 0.003467, 0.422915, 0.414912, 0, 1, 0, 0, 0, 0, 0);
    assertThat(row.label()).isEqualTo("UP");
    assertThat(row.eventTimeMillis() - ElectricityStream.rows(1).get(0).eventTimeMillis())
        .isEqualTo(30 * 60 * 1000);
  }

  @Test
  void aRowTravelsAsAnExample() throws DecodeException {
    Row row = ElectricityStream.rows(1).get(0);
    Example e = SingleObject.standard().decode(Example.class, row.event("nsw").encode());
    assertThat(e.getKey()).isEqualTo("nsw");
    assertThat(e.getId()).isEqualTo("elec2-0");
    assertThat(e.getLabel()).isEqualTo("UP");
  }

  @Test
  void brokenEventsAreOfAtLeastSixKinds() {
    Row row = ElectricityStream.rows(1).get(0);
    assertThat(
            BrokenEvents.of("t", "nsw", row.features(), e -> e.label(row.label())).stream()
                .map(BrokenEvents.Broken::reason)
                .distinct())
        .hasSizeGreaterThanOrEqualTo(6);
  }
}
