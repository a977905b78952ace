package io.millrace.bench.tune;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.bench.tune.SystemContest.Against;
import io.millrace.bench.tune.SystemContest.Target;
import io.millrace.cli.systems.CostTable;
import io.millrace.cli.systems.SystemStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SystemContestTest {
  /** The best omega is 1.2 where the context is negative, 1.8 where it is not. */
  private static final class TwoKinds implements SystemStream {
    private int number;

    @Override
    public void next() {
      number++;
    }

    @Override
    public double context() {
      return number % 2 == 0 ? -0.5 : 0.5;
    }

    @Override
    public double contextLow() {
      return -1;
    }

    @Override
    public double contextHigh() {
      return 1;
    }

    @Override
    public int iterations(double omega) {
      double best = context() < 0 ? 1.2 : 1.8;
      return (int) (10 + 100 * Math.abs(omega - best));
    }
  }

  @Test
  void targetsAreJudgedByTheBestOmegasInHindsight() {
    CostTable table = new CostTable(new TwoKinds(), 2000, new double[] {1.2, 1.4, 1.6, 1.8});
    List<Target> targets =
        List.of(
            new Target("chebcb", Against.BEST_FIXED, 0.6),
            new Target("chebcb", Against.INSTANCE_OPTIMAL, 1.0));
    List<String> said = new ArrayList<>();
    Map<String, Object> report =
        new SystemContest("two kinds", List.of(table, table), targets).run(said::add);
    // A fixed omega costs 40 in the mean, the better one of each kind 10.
    assertThat(report).containsEntry("instanceOptimal", 20_000.0);
    assertThat((double) report.get("bestFixed")).isBetween(78_000.0, 80_000.0);
    assertThat(said)
        .filteredOn(line -> line.contains("target"))
        .hasSize(2)
        .satisfiesExactly(
            fixed -> assertThat(fixed).endsWith(", met"),
            optimal -> assertThat(optimal).endsWith(", missed"));
  }
}
