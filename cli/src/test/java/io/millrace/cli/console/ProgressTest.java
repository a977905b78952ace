package io.millrace.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final String STATE = "loss 0.3612, accuracy 0.8412, snapshots 12, dead letters 10";

  private static String at(int columns) {
    return Progress.line("learn", "events", 20_480, 45_312, 4, STATE, columns, true);
  }

  @Test
  void theFiguresAreWholeOnEveryCommonTerminal() {
    for (int columns : new int[] {90, 110, 130, 200}) {
      assertThat(at(columns))
          .as("%d columns", columns)
          .endsWith(STATE)
          .hasSizeLessThanOrEqualTo(columns);
    }
    assertThat(at(80))
        .startsWith("learn: 20,480 of 45,312, loss 0.3612, accuracy 0.8412, snapshots 12");
  }

  @Test
  void aBarIsThereOnlyWhereItCanBeOne() {
    assertThat(at(80)).doesNotContain("[");
    assertThat(at(110)).doesNotContain("[");
    assertThat(at(140)).matches("\\[=+ +] .*events, 5,120/s, loss.*");
    assertThat(Progress.line("run", "examples", 7, -1, 1, "", 200, true))
        .isEqualTo("run: 7 examples, 7/s");
  }

  @Test
  void aFullBarIsFull() {
    assertThat(Progress.line("t", "rows", 10, 10, 1, "", 60, true))
        .startsWith("[" + "=".repeat(30) + "]");
  }
}
