package io.millrace.core.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Workspace;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.StateSlots;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.sample.chain.Chain;
import io.millrace.core.sample.chain.Diffusions;
import io.millrace.core.sample.chain.Estimators;
import io.millrace.core.sample.chain.Sampler;
import io.millrace.core.sample.chain.VisitOptions;
import io.millrace.core.sample.gaussian.DiscountedRows;
import io.millrace.core.state.LearnerState;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows that count for less the older they are. */
class DiscountTest {
  private static final Discount DISCOUNT = new Discount(0.9);

  static List<EstimatorSpec> estimators() {
    return Estimators.ALL;
  }

  @Test
  void powersFadeFromTheLastRowAndMassIsTheirSum() {
    assertThat(DISCOUNT.power(6, 7)).isEqualTo(1);
    assertThat(DISCOUNT.power(4, 7)).isCloseTo(0.81, within(1e-14));
    double sum = 0;
    for (int i = 0; i < 7; i++) {
      sum += DISCOUNT.power(i, 7);
    }
    assertThat(DISCOUNT.mass(7)).isCloseTo(sum, within(1e-13));
    assertThat(DISCOUNT.mass(0)).isZero();
    assertThat(Discount.halfLife(20).power(79, 100)).isCloseTo(0.5, within(1e-13));
    assertThat(Discount.NONE.mass(9)).isEqualTo(9);
    assertThatThrownBy(() -> new Discount(0))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("must lie in (0, 1]");
  }

  @Test
  void rowsAreDrawnByTheirPowers() {
    int rows = 12;
    int draws = 40_000;
    int[] drawn = new int[rows];
    PhiloxDraws philox = new PhiloxDraws(1, "rows");
    for (int k = 0; k < draws; k++) {
      drawn[DISCOUNT.draw(philox.at(k).fork(Purpose.MINI_BATCH), k % 7, rows)]++;
    }
    for (int i = 0; i < rows; i++) {
      double p = DISCOUNT.power(i, rows) / DISCOUNT.mass(rows);
      assertThat(drawn[i] / (double) draws)
          .as("row %d", i)
          .isCloseTo(p, within(4.4 * Math.sqrt(p * (1 - p) / draws)));
    }
  }

  /** Uniforms at which each row in turn is the one drawn: the middles of their shares. */
  private record OneRow(double u) implements Draws {
    @Override
    public double uniform(long index) {
      return u;
    }

    @Override
    public double normal(long index) {
      throw new AssertionError("normals are not for mini-batches");
    }

    @Override
    public int index(long index, int bound) {
      throw new AssertionError("indexes are not for rows that fade");
    }

    @Override
    public Draws fork(int purpose) {
      return this;
    }
  }

  @ParameterizedTest
  @MethodSource("estimators")
  void theMeanOverRowsByTheirPowersIsTheGradientOverAll(EstimatorSpec spec) {
    Silos silos = new Silos(1);
    LinearGaussian rows = new DiscountedRows(silos.clients.get(0), DISCOUNT);
    Shard shard = new Shard(rows, Silos.PRIOR, 0.4, null, null).anchoredAt(new double[] {1, -1});
    boolean draws = spec.hypers().stream().anyMatch(h -> h.name().equals("mini-batch"));
    Sampler sampler =
        new Sampler(
            spec.build(draws ? Map.of("mini-batch", 1.0) : Map.of()),
            Diffusions.spec("sgld").build(Map.of()));
    Chain chains = new Chain(sampler, 6, new Workspace());
    LearnerState chain = chains.begin(new double[] {0.3, 0.2});
    LearnerState client = chains.meet(shard, chain);
    chains.visit(chain, "c", shard, client, VisitOptions.of(13, 1e-3), (step, theta) -> {});
    double[] theta = chain.block(Sampler.THETA);
    double[] mean = new double[Silos.SIZE];
    double[] meanOfRows = new double[Silos.SIZE];
    double below = 0;
    for (int row = rows.rows() - 1; row >= 0; row--) {
      double p = rows.power(row) / rows.mass();
      OneRow one = new OneRow(below + p / 2);
      assertThat(rows.draw(one, 0)).isEqualTo(row);
      below += p;
      double[] out = new double[Silos.SIZE];
      double[] meanRow = new double[Silos.SIZE];
      LocalStep step = new LocalStep(new Workspace()).aim(13, 1e-3, 1, one);
      Slots slots = new StateSlots(client.copy());
      sampler.estimator().estimate(shard, theta, slots, step, out, meanRow);
      for (int i = 0; i < Silos.SIZE; i++) {
        mean[i] += p * out[i];
        meanOfRows[i] += p * meanRow[i];
      }
    }
    double[] all = new double[Silos.SIZE];
    rows.addGradient(theta, 1, all);
    for (int i = 0; i < Silos.SIZE; i++) {
      assertThat(mean[i]).isCloseTo(all[i] / 0.4, within(1e-11 * (1 + Math.abs(all[i]))));
      assertThat(meanOfRows[i])
          .isCloseTo(all[i] / rows.mass(), within(1e-11 * (1 + Math.abs(all[i]))));
    }
  }

  @Test
  void theGradientIsThatOfTheValue() {
    LinearGaussian rows = new DiscountedRows(new Silos(1).clients.get(0), DISCOUNT);
    double[] theta = {0.7, -0.4};
    double[] g = new double[2];
    rows.addGradient(theta, 1, g);
    for (int i = 0; i < 2; i++) {
      double at = theta[i];
      theta[i] = at + 1e-5;
      double above = rows.value(theta);
      theta[i] = at - 1e-5;
      double below = rows.value(theta);
      theta[i] = at;
      assertThat(g[i]).isCloseTo((above - below) / 2e-5, within(1e-6 * (1 + Math.abs(g[i]))));
    }
  }
}
