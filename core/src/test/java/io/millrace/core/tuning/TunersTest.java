package io.millrace.core.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.state.LearnerState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds of every tuner of the registry. */
class TunersTest {
  private static final int DIMENSION = 3;
  private static final int TRIALS = 90;
  private static final double[] NONE = {};

  static List<TunerSpec> all() {
    return Tuners.ALL;
  }

  /** A tuner with its state, and the trials that it has handed out. */
  private static final class Search {
    final Tuner tuner;
    final PhiloxDraws draws = new PhiloxDraws(11, "search");
    final Workspace workspace = new Workspace();
    LearnerState state;

    Search(TunerSpec spec) {
      tuner = spec.make(DIMENSION, 0, Map.of());
      state = new LearnerState(tuner.schema());
      tuner.initialize(state);
    }

    Trial next() {
      Trial trial = new Trial(DIMENSION);
      return tuner.next(state, draws.at(state.steps()), trial, workspace) ? trial : null;
    }

    /** Hands out one trial after the other and reports its loss, to the end or to a limit. */
    List<Trial> run(ToDoubleFunction<Trial> loss) {
      List<Trial> told = new ArrayList<>();
      for (Trial t = next(); t != null; t = told.size() < TRIALS ? next() : null) {
        report(t, loss.applyAsDouble(t));
        told.add(t);
      }
      return told;
    }

    boolean report(Trial trial, double loss) {
      return tuner.report(state, trial, loss, NONE, workspace);
    }
  }

  private static double loss(Trial trial) {
    double sum = 1.0 / trial.resource();
    for (double u : trial.point()) {
      sum += (u - 0.3) * (u - 0.3);
    }
    return sum;
  }

  private static String text(Trial t) {
    return t.config() + "/" + t.rung() + "/" + t.resource() + Arrays.toString(t.point());
  }

  private static void assertSame(LearnerState a, LearnerState b) {
    assertThat(a.steps()).isEqualTo(b.steps());
    for (int i = 0; i < a.schema().size(); i++) {
      String name = a.schema().name(i);
      switch (a.schema().type(i)) {
        case DOUBLES -> assertThat(a.block(name)).as(name).isEqualTo(b.block(name));
        case LONGS -> assertThat(a.longs(name)).as(name).isEqualTo(b.longs(name));
        default -> throw new AssertionError(name + " is of a type that tuners do not have");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void aSearchGoesOnFromACopyOfItsStateAsIfNothingHadHappened(TunerSpec spec) {
    Search straight = new Search(spec);
    Search restarted = new Search(spec);
    for (int t = 0; t < TRIALS; t++) {
      Trial a = straight.next();
      Trial b = restarted.next();
      restarted.state = restarted.state.copy();
      if (a == null) {
        assertThat(b).isNull();
        assertThat(straight.tuner.finished(straight.state)).isTrue();
        break;
      }
      assertThat(text(b)).isEqualTo(text(a));
      assertThat(straight.report(a, loss(a))).isTrue();
      restarted.report(b, loss(b));
      restarted.state = restarted.state.copy();
    }
    assertThat(straight.tuner.incumbent(straight.state)).isNotNegative();
    assertSame(straight.state, restarted.state);
  }

  @ParameterizedTest
  @MethodSource("all")
  void theIncumbentIsTheBestOfThoseWithTheMostResource(TunerSpec spec) {
    Search search = new Search(spec);
    List<Trial> told = search.run(TunersTest::loss);
    Trial best = told.get(0);
    for (Trial t : told) {
      if (t.resource() > best.resource()
          || t.resource() == best.resource() && loss(t) < loss(best)) {
        best = t;
      }
    }
    double[] point = new double[DIMENSION];
    search.tuner.incumbentPoint(search.state, point);
    assertThat(search.tuner.incumbent(search.state)).isEqualTo(best.config());
    assertThat(point).isEqualTo(best.point());
  }

  @ParameterizedTest
  @MethodSource("all")
  void trialsMayRunSideBySideAndReportInAnyOrder(TunerSpec spec) {
    Search search = new Search(spec);
    List<Trial> running = new ArrayList<>();
    int reported = 0;
    while (reported < TRIALS && !search.tuner.finished(search.state)) {
      for (Trial t = search.next(); t != null; t = running.size() < 8 ? search.next() : null) {
        running.add(t);
      }
      assertThat(running).as("nothing runs and nothing is handed out").isNotEmpty();
      Trial t = running.remove(reported % 2 == 0 ? 0 : running.size() - 1);
      assertThat(search.report(t, loss(t))).as("trial %s", text(t)).isTrue();
      reported++;
    }
    assertThat(reported).isGreaterThan(25);
  }

  @ParameterizedTest
  @MethodSource("all")
  void aLossThatIsNotFiniteHarmsNothing(TunerSpec spec) {
    Search search = new Search(spec);
    List<Trial> told = search.run(t -> t.config() % 2 == 0 ? Double.NaN : Double.POSITIVE_INFINITY);
    assertThat(told)
        .allSatisfy(t -> assertThat(Arrays.stream(t.point())).allMatch(u -> u >= 0 && u <= 1))
        .hasSizeGreaterThan(25);
    assertThat(search.tuner.incumbent(search.state)).isEqualTo(-1);
  }

  @ParameterizedTest
  @MethodSource("all")
  void aTrialThatWasNotHandedOutIsRefusedAndChangesNothing(TunerSpec spec) {
    Search search = new Search(spec);
    Trial trial = search.next();
    LearnerState before = search.state.copy();
    Trial foreign = new Trial(DIMENSION).set(trial.config() + 1, 0, trial.resource());
    assertThat(search.report(foreign, 1)).isFalse();
    assertSame(search.state, before);
    assertThat(search.report(trial, 1)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("all")
  void aLossThatWasTakenIsNotTakenAgainByThoseThatWaitForIt(TunerSpec spec) {
    // Those that wait for nobody in particular keep no list of whom they wait for.
    boolean waits = !List.of("random-search", "config-gp").contains(spec.id());
    Search search = new Search(spec);
    Trial trial = search.next();
    search.report(trial, 1);
    assertThat(search.report(trial, 0.5)).isEqualTo(!waits);
  }

  @Test
  void unknownTunersAndSettingsAreNamed() {
    assertThatThrownBy(() -> Tuners.spec("grid"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll("no tuner 'grid'", "asha", "config-gp");
    assertThatThrownBy(() -> Tuners.spec("asha").make(0, 1, Map.of("eta", 1.0, "n", 2.0)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll(
            "asha: 0 parameters; must be at least 1",
            "asha: 1 constraints; it takes none; use 'config-gp'",
            "asha.eta = 1.0; must lie in a whole number in [2, 64]",
            "asha has no hyperparameter 'n'");
  }

  @Test
  void hyperbandGoesThroughItsBracketsAndTellsWhoStops() {
    Tuner tuner = Tuners.spec("hyperband").make(1, 0, Map.of("max-resource", 9.0));
    LearnerState state = new LearnerState(tuner.schema());
    tuner.initialize(state);
    PhiloxDraws draws = new PhiloxDraws(3, "hyperband");
    Workspace workspace = new Workspace();
    Trial trial = new Trial(1);
    // Brackets of 9, 5 and 3 configurations; with less loss for a higher number, the last goes on.
    List<Integer> order = new ArrayList<>();
    while (tuner.next(state, draws.at(state.steps()), trial, workspace)) {
      order.add(trial.config());
      tuner.report(state, trial, -trial.config(), NONE, workspace);
      if (state.steps() == 9) {
        assertThat(IntStream.range(0, 9).filter(c -> tuner.continues(state, c)))
            .containsExactly(6, 7, 8);
        assertThat(tuner.continues(state, 10)).isTrue();
      }
    }
    assertThat(order)
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 6, 7, 8, 8, 9, 10, 11, 12, 13, 13, 14, 15, 16);
    assertThat(tuner.finished(state)).isTrue();
    assertThat(tuner.incumbent(state)).isEqualTo(16);
    assertThat(tuner.continues(state, 16)).isFalse();
  }

  @Test
  void halvingSpreadsASingleParameterEvenlyWhereAskedTo() {
    Map<String, Double> values = Map.of("configs", 5.0, "even", 1.0);
    Tuner tuner = Tuners.spec("successive-halving").make(1, 0, values);
    LearnerState state = new LearnerState(tuner.schema());
    tuner.initialize(state);
    Trial trial = new Trial(1);
    for (int i = 0; i < 5; i++) {
      tuner.next(state, new PhiloxDraws(1, "none"), trial, new Workspace());
      assertThat(trial.point()[0]).isEqualTo(i / 4.0);
    }
    assertThatThrownBy(() -> Tuners.spec("successive-halving").make(2, 0, values))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("successive-halving.even = 1; must be 0");
  }

  @Test
  void searchesFindAMinimumThatRandomSearchDoesNot() {
    double[] best = new double[3];
    List<String> ids = List.of("one-plus-one-es", "sep-cma-es", "config-gp");
    double random = found("random-search");
    for (int i = 0; i < ids.size(); i++) {
      best[i] = found(ids.get(i));
    }
    assertThat(Arrays.stream(best).boxed())
        .as("random search: %s", random)
        .allMatch(b -> b < random / 4);
  }

  /** Median over seeds of the least excess loss after a number of trials. */
  private static double found(String id) {
    double[] found = new double[7];
    for (int seed = 0; seed < found.length; seed++) {
      Tuner tuner = Tuners.spec(id).make(DIMENSION, 0, Map.of());
      LearnerState state = new LearnerState(tuner.schema());
      tuner.initialize(state);
      PhiloxDraws draws = new PhiloxDraws(seed, id);
      Workspace workspace = new Workspace();
      Trial trial = new Trial(DIMENSION);
      found[seed] = Double.POSITIVE_INFINITY;
      for (int t = 0; t < TRIALS; t++) {
        tuner.next(state, draws.at(state.steps()), trial, workspace);
        found[seed] = Math.min(found[seed], loss(trial) - 1);
        tuner.report(state, trial, loss(trial), NONE, workspace);
      }
    }
    Arrays.sort(found);
    return found[found.length / 2];
  }
}
