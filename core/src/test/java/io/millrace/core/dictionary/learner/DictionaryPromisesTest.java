package io.millrace.core.dictionary.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.ConfigException;
import io.millrace.core.dictionary.CoderSpec;
import io.millrace.core.features.InputSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What users of dictionaries may rely on, whatever the method, the unit and the past of a source.
 */
class DictionaryPromisesTest {
  private static final int M = 12;

  /** Signals that are positive sums of two of some patterns on a range of coordinates. */
  private static double[] sums(Random random, int n, int from, int to, int patterns) {
    double[] x = new double[n * M];
    for (int r = 0; r < n; r++) {
      for (int part = 0; part < 2; part++) {
        int p = random.nextInt(patterns);
        double size = 0.5 + random.nextDouble();
        for (int i = from; i < to; i++) {
          x[r * M + i] += size * (((p + 1) * (i + 3) * 7) % 11 < 4 ? 1 : 0.02);
        }
      }
    }
    return x;
  }

  private static MethodRun run(String method, int atoms, Map<String, Double> more) {
    Map<String, Double> hypers = new TreeMap<>(more);
    if (method.endsWith("cp")) {
      hypers.put("rows", 3.0);
    }
    return new MethodRun(method, M, atoms, Map.of(), hypers);
  }

  private static double[] times(double[] x, double by) {
    return Arrays.stream(x).map(v -> v * by).toArray();
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  static List<String> coders() {
    return Coders.ALL.stream().map(CoderSpec::id).toList();
  }

  /**
   * More atoms than directions and nothing that weighs codes: least squares have no one solution.
   */
  @ParameterizedTest
  @MethodSource("coders")
  void codesStaySaneWithoutAPenaltyWhereAtomsDependOnEachOther(String coder) {
    Map<String, Double> none =
        coder.equals("omp") ? Map.of("stop", 0.0) : Map.of("lambda", 0.0, "max-sweeps", 200.0);
    DictionaryLearner learner =
        new DictionaryLearner(
            DictionaryOptions.of(20, 30).withCoder(coder).withHyperparameters(none));
    MethodRun run = new MethodRun(learner);
    Random random = new Random(3);
    double[] few = random.doubles(20 * 20, -1, 1).toArray();
    for (int t = 0; t < 60; t++) {
      double[] batch = new double[16 * 20];
      for (int r = 0; r < 16; r++) {
        System.arraycopy(few, random.nextInt(20) * 20, batch, r * 20, 20);
      }
      assertThat(run.step(batch)).isTrue();
    }
    double[][] coded = run.encode(few);
    for (int r = 0; r < 20; r++) {
      double squares = 0;
      for (int i = r * 20; i < (r + 1) * 20; i++) {
        squares += few[i] * few[i];
      }
      assertThat(coded[1][r]).isBetween(0.0, 0.5 * squares);
      for (int j = r * 30; j < (r + 1) * 30; j++) {
        assertThat(Math.abs(coded[0][j])).isLessThan(1000 * Math.sqrt(squares));
      }
    }
    assertThat(run.method.objective(run.state)).isBetween(0.0, 1.0);
    assertThat(run.figure("codeGap")).isBetween(-1e-9, 0.1);
  }

  /** The same signals in another unit, lambda with them, give the same atoms. */
  @ParameterizedTest
  @CsvSource({
    "online, 2",
    "unfolded, 2",
    "orthogonal, 2",
    "cp, 2",
    "nmf-kl, 1",
    "wasserstein-cp, 0"
  })
  void theUnitOfTheSignalsDoesNotMatter(String method, int power) {
    int atoms = method.equals("orthogonal") ? M : 8;
    boolean lasso = method.equals("online") || method.equals("unfolded");
    double[] objective = new double[2];
    double[] replaced = new double[2];
    double[] units = {1, 1e-3};
    for (int u = 0; u < 2; u++) {
      MethodRun run = run(method, atoms, lasso ? Map.of("lambda", 0.3 * units[u]) : Map.of());
      Random random = new Random(5);
      for (int t = 0; t < (method.startsWith("wass") ? 5 : 150); t++) {
        assertThat(run.step(times(sums(random, 8, 0, M, 6), units[u]))).isTrue();
        double r = run.figure("replacedAtoms");
        replaced[u] += Double.isNaN(r) ? 0 : r;
      }
      double[] test = times(sums(new Random(6), 50, 0, M, 6), units[u]);
      objective[u] = mean(run.encode(test)[1]) / Math.pow(units[u], power);
    }
    assertThat(objective[1]).isCloseTo(objective[0], within(1e-3 * objective[0] + 1e-9));
    assertThat(replaced[1]).isEqualTo(replaced[0]);
  }

  /** What a source brings that was never there before: coordinates that were always 0. */
  @ParameterizedTest
  @ValueSource(strings = {"online", "cp", "nmf-kl"})
  void aSourceWithNothingInCommonWithTheOneBeforeIsLearned(String method) {
    Map<String, Double> hypers =
        method.equals("online")
            ? Map.of("nonnegative-atoms", 1.0, "nonnegative-codes", 1.0, "lambda", 0.01)
            : Map.of();
    MethodRun changed = run(method, 6, hypers);
    MethodRun fresh = run(method, 6, hypers);
    Random random = new Random(8);
    for (int t = 0; t < 200; t++) {
      changed.step(sums(random, 16, 0, M / 2, 4));
    }
    double[] test = sums(new Random(9), 100, M / 2, M, 4);
    double before = mean(changed.encode(test)[1]);
    for (int t = 0; t < 200; t++) {
      double[] x = sums(random, 16, M / 2, M, 4);
      changed.step(x);
      fresh.step(x);
    }
    double after = mean(changed.encode(test)[1]);
    assertThat(after).isLessThan(0.1 * before);
    assertThat(after).isLessThan(2 * mean(fresh.encode(test)[1]) + 0.01 * before);
  }

  /** However long the source before was, the default has forgotten it after its memory. */
  @Test
  void theDefaultFollowsASourceThatChanges() {
    MethodRun changed = run("online", 12, Map.of("lambda", 0.1));
    MethodRun fresh = run("online", 12, Map.of("lambda", 0.1));
    Random random = new Random(11);
    double[] first = random.doubles(8 * M, -1, 1).toArray();
    double[] second = random.doubles(8 * M, -1, 1).toArray();
    for (int t = 0; t < 2000; t++) {
      changed.step(mixtures(random, 32, first));
    }
    double[] test = mixtures(new Random(12), 200, second);
    double before = mean(changed.encode(test)[1]);
    for (int t = 0; t < 64; t++) {
      double[] x = mixtures(random, 32, second);
      changed.step(x);
      fresh.step(x);
    }
    // Nine tenths of the way to a dictionary that never knew another source.
    double least = mean(fresh.encode(test)[1]);
    assertThat(mean(changed.encode(test)[1]) - least).isLessThan(0.1 * (before - least));
  }

  private static double[] mixtures(Random random, int n, double[] atoms) {
    double[] x = new double[n * M];
    for (int r = 0; r < n; r++) {
      for (int part = 0; part < 2; part++) {
        int p = random.nextInt(atoms.length / M);
        double size = random.nextGaussian();
        for (int i = 0; i < M; i++) {
          x[r * M + i] += size * atoms[p * M + i];
        }
      }
    }
    return x;
  }

  /** One small batch after a warm start must not undo what the model has learned before. */
  @ParameterizedTest
  @CsvSource({"online, 24", "unfolded, 24", "cp, 6", "nmf-kl, 8", "orthogonal, 12"})
  void aWarmStartGoesOnWhereTheModelWas(String method, int atoms) {
    boolean lasso = method.equals("online") || method.equals("unfolded");
    Map<String, Double> hypers = lasso ? Map.of("lambda", 0.3) : Map.of();
    MethodRun run = run(method, atoms, hypers);
    Random random = new Random(13);
    for (int t = 0; t < 300; t++) {
      run.step(sums(random, 16, 0, M, 9));
    }
    MethodRun warm = run(method, atoms, hypers);
    warm.warmStart(run.publish());
    double[] test = sums(new Random(14), 200, 0, M, 9);
    double before = mean(run.encode(test)[1]);
    for (int t = 0; t < 3; t++) {
      warm.step(sums(random, 16, 0, M, 9));
      assertThat(mean(warm.encode(test)[1])).isLessThan(1.02 * before + 1e-9);
    }
  }

  /** The loss of a step is the mean objective of the codes that were published before it. */
  @ParameterizedTest
  @CsvSource({
    "online, 8",
    "unfolded, 8",
    "orthogonal, 12",
    "cp, 8",
    "nmf-kl, 8",
    "wasserstein-cp, 4"
  })
  void theLossIsThatOfTheCodesThatArePublished(String method, int atoms) {
    MethodRun run = run(method, atoms, Map.of());
    Random random = new Random(15);
    for (int t = 0; t < 6; t++) {
      run.step(sums(random, 8, 0, M, 6));
    }
    double[] x = sums(random, 8, 0, M, 6);
    double published = mean(run.encode(x)[1]);
    run.step(x);
    assertThat(run.method.objective(run.state)).isCloseTo(published, within(1e-9 * published));
    assertThat(published).isGreaterThan(1e-9);
  }

  @ParameterizedTest
  @ValueSource(strings = {"coordinate-cyclic", "cd-lasso", "ista", "fista"})
  void aLimitOfSweepsIsOneOfSweepsAndCodesItEndsAreCounted(String coder) {
    int atoms = 60;
    Random random = new Random(16);
    double[] d = random.doubles(atoms * M, -1, 1).toArray();
    double[] first = new double[2];
    for (int limited = 0; limited < 2; limited++) {
      MethodRun run =
          new MethodRun(
              new DictionaryLearner(
                  DictionaryOptions.of(M, atoms)
                      .withCoder(coder)
                      .withHyperparameters(
                          Map.of("lambda", 0.2, "max-sweeps", limited == 1 ? 1.0 : 20_000.0))));
      run.step(d);
      first[limited] = run.figure("unconvergedCodes");
    }
    assertThat(first[0]).isZero();
    assertThat(first[1]).isPositive();
  }

  @Test
  void oneSweepOfACoordinateRuleLooksAtEveryAtom() {
    int atoms = 300;
    double[] d = new double[atoms * atoms];
    for (int j = 0; j < atoms; j++) {
      d[j * atoms + j] = 1;
    }
    MethodRun run =
        new MethodRun(
            new DictionaryLearner(
                DictionaryOptions.of(atoms, atoms)
                    .withCoder("coordinate-cyclic")
                    .withHyperparameters(Map.of("lambda", 0.1, "max-sweeps", 2.0))));
    run.step(d);
    double[] all = new double[atoms];
    Arrays.fill(all, 1);
    assertThat(run.encode(all)[0]).containsOnly(run.encode(all)[0][0]).doesNotContain(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"online", "cp", "nmf-kl"})
  void oneSignalAMillionTimesTheUsualCostsLittle(String method) {
    Map<String, Double> hypers = method.equals("online") ? Map.of("lambda", 0.3) : Map.of();
    double[] test = sums(new Random(18), 200, 0, M, 6);
    double[] objective = new double[2];
    for (int outlier = 0; outlier < 2; outlier++) {
      MethodRun run = run(method, 8, hypers);
      Random random = new Random(17);
      for (int t = 0; t < 100; t++) {
        double[] x = sums(random, 32, 0, M, 6);
        if (t == 90 && outlier == 1) {
          for (int i = 0; i < M; i++) {
            x[i] = 1e6 * (1 + i);
          }
        }
        run.step(x);
      }
      objective[outlier] = mean(run.encode(test)[1]);
    }
    double size = 0;
    for (double v : test) {
      size += (method.equals("nmf-kl") ? v : 0.5 * v * v) / 200;
    }
    assertThat(objective[1]).isLessThan(1.1 * objective[0] + 0.01 * size);
  }

  @Test
  void centredAtomsKeepTheirSigns() {
    MethodRun run = run("orthogonal", M, Map.of());
    Random random = new Random(19);
    double[] before = null;
    for (int t = 0; t < 60; t++) {
      double[] x = random.doubles(24 * M, -1, 1).map(v -> v * v * v).toArray();
      for (int r = 0; r < 24; r++) {
        SignalScaling.CENTER_UNIT_NORM.apply(x, r * M, M);
      }
      run.step(x);
      double[] d = run.state.block("d").clone();
      for (int j = 0; t > 30 && j < M; j++) {
        double same = 0;
        for (int i = j * M; i < (j + 1) * M; i++) {
          same += d[i] * before[i];
        }
        assertThat(same).as("atom %d, step %d", j, t).isPositive();
      }
      before = d;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cp", "wasserstein-cp", "nmf-kl"})
  void centredSignalsAreRefusedWhereNoneMayBeNegative(String method) {
    DictionaryOptions options =
        DictionaryOptions.builder(DictionaryOptions.signals(InputSpec.Kind.DENSE, M), 4)
            .method(method, Map.of())
            .scaling(SignalScaling.CENTER_UNIT_NORM)
            .build();
    assertThatThrownBy(() -> new DictionaryLearner(options))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("dictionary.scaling = 'center-unit-norm'; must be 'none'")
        .hasMessageContaining("'" + method + "' takes no negative numbers");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cp", "wasserstein-cp"})
  void rowsAreNeverGuessed(String method) {
    assertThatThrownBy(
            () -> new DictionaryLearner(DictionaryOptions.of(M, 4).withMethod(method, Map.of())))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("dictionary.rows is not given; must be one of [1, 2, 3, 4, 6, 12]");
  }
}
