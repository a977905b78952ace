package io.millrace.operators.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.core.model.ModelOptions;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.sample.Discount;
import io.millrace.core.sample.NaturalGaussian.Shape;
import io.millrace.core.sample.chain.Routing;
import io.millrace.core.sample.data.Keeping;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every model, and every way to keep rows, through both stages: what the core comes to alone. */
class SampleModelsOperatorTest {
  private static final List<String> CLIENTS = List.of("0", "1", "2");
  private static final int WIDTH = 2;

  static PosteriorModel model(String kind, String loss, int classes) {
    InputSpec.Target target =
        loss.isEmpty()
            ? InputSpec.Target.NONE
            : classes > 0
                ? InputSpec.Target.CLASS
                : loss.equals("poisson") ? InputSpec.Target.NON_NEGATIVE : InputSpec.Target.REAL;
    ModelOptions form = kind.equals("mlp") ? ModelOptions.mlp("tanh", 2) : ModelOptions.of(kind);
    List<String> names = List.of("x", "y", "z").subList(0, classes);
    return new PosteriorModel(
        form,
        loss,
        new InputSpec(InputSpec.Kind.DENSE, WIDTH, 0, target, names, 100),
        classes > 0 || loss.equals("poisson") ? 1 : 0.5);
  }

  private static SampleOptions options(
      PosteriorModel model, String estimator, String diffusion, String kind, Shape shape) {
    return options(model, estimator, diffusion, kind, shape, Keeping.ALL, 1000, 1);
  }

  static SampleOptions options(
      PosteriorModel model,
      String estimator,
      String diffusion,
      String kind,
      Shape shape,
      Keeping keeping,
      int rows,
      double discount) {
    return Silos.options(
        model,
        new SampleOptions.Kernel(
            estimator,
            estimator.equals("full") ? Map.of() : Map.of("mini-batch", 4.0),
            diffusion,
            Map.of()),
        new SampleOptions.Description(
            kind,
            kind.equals("samples") ? Map.of("draws", 60.0, "thin", 2.0) : Map.of(),
            shape,
            null),
        new SampleOptions.Chains(2, 3, 1e-3, 1, 1, 0, 24, Routing.INDEPENDENT),
        new SampleOptions.Clients(
            CLIENTS, 3, 3, true, keeping, rows, new Discount(discount), 12, 0.5));
  }

  /** Rows of a client: inputs around a place of its own, labels mostly of one kind. */
  private static Rows rows(int client, int count, PosteriorModel model, double apart) {
    PhiloxDraws draws = new PhiloxDraws(11, "rows/" + client);
    int classes = model.input().classes().size();
    Rows rows = new Rows(true);
    for (int i = 0; i < count; i++) {
      PhiloxDraws d = draws.at(i);
      rows.beginRow();
      rows.add(apart * (client - 1) + d.normal(0));
      rows.add(d.normal(1) - apart * (client % 2));
      double label =
          switch (model.loss()) {
            case "" -> Double.NaN;
            case "squared" -> client - rows.value()[2 * i] + d.normal(2) / 2;
            case "poisson" -> client + d.index(9, 3);
            default -> d.uniform(12) < 0.1 ? d.index(13, classes) : client % classes;
          };
      rows.endRow(label, 1);
    }
    return rows;
  }

  private static Loop run(SampleOptions o, Map<String, Rows> rows, int from, int to) {
    Loop loop = new Loop(o);
    feed(loop, rows, from, to);
    return loop.tick(10).run(350);
  }

  static void feed(Loop loop, Map<String, Rows> rows, int from, int to) {
    rows.forEach(
        (client, r) -> {
          for (int i = from; i < to; i++) {
            loop.row(client, r, i);
          }
        });
  }

  static Map<String, Rows> rows(PosteriorModel model, int count, double apart) {
    Map<String, Rows> rows = new TreeMap<>();
    for (String client : CLIENTS) {
      rows.put(client, rows(Integer.parseInt(client), count, model, apart));
    }
    return rows;
  }

  @ParameterizedTest
  @CsvSource({
    "gaussian-mean, '', 0, control-variate, sgld, exact, FULL",
    "gaussian-mean, '', 0, mini-batch, sghmc, none, FULL",
    "linear, squared, 0, control-variate, sgld, exact, FULL",
    "linear, squared, 0, full, psgld, exact, DIAGONAL",
    "linear, logistic, 2, control-variate, sgld, laplace, FULL",
    "linear, logistic, 2, mini-batch, myula, samples, FULL",
    "linear, logistic, 2, control-variate, sgld, laplace, NONE",
    "linear, softmax, 3, control-variate, sgld, laplace, DIAGONAL",
    "linear, softmax, 3, mini-batch, sgld, laplace, FULL",
    "linear, poisson, 0, control-variate, sgld, laplace, FULL",
    "mlp, softmax, 3, mini-batch, sghmc, laplace, NONE",
    "mlp, squared, 0, svrg, sgld, laplace, FULL",
    "linear, logistic, 2, saga, sgld, laplace, FULL",
  })
  void everyModelIsSampledAsTheCoreDoes(
      String kind,
      String loss,
      int classes,
      String estimator,
      String diffusion,
      String surrogate,
      Shape shape) {
    PosteriorModel model = model(kind, loss, classes);
    SampleOptions o = options(model, estimator, diffusion, surrogate, shape);
    Map<String, Rows> rows = rows(model, 12, 0.5);
    Loop loop = run(o, rows, 0, 12);
    new CoreTwin(o, loop.tick(60_000).status().getClients(), rows).check(loop, 8);
    assertThat(loop.letters).isEmpty();
    assertThat(loop.model().getMetrics()).containsKey("noise-ratio");
  }

  /**
   * Clients with rows of one class each: two rounds do not do, and not every step forward holds.
   */
  @Test
  void clientsFarApartAnchorInAsManyRoundsAsTheCore() {
    PosteriorModel model = model("linear", "logistic", 2);
    SampleOptions o = options(model, "control-variate", "sgld", "laplace", Shape.FULL);
    Map<String, Rows> rows = rows(model, 12, 6);
    Loop loop = run(o, rows, 0, 12);
    CoreTwin twin = new CoreTwin(o, loop.tick(60_000).status().getClients(), rows);
    twin.check(loop, 8);
    assertThat(loop.model().getCounters().get("anchor-rounds")).isGreaterThan(2);
  }

  /** A window that has left rows behind, a reservoir that has dropped some, rows that fade. */
  @ParameterizedTest
  @CsvSource({
    "gaussian-mean, '', 0, exact, WINDOW, 15, 1",
    "gaussian-mean, '', 0, exact, RESERVOIR, 15, 1",
    "gaussian-mean, '', 0, exact, ALL, 1000, 0.9",
    "linear, squared, 0, exact, WINDOW, 15, 0.9",
    "linear, logistic, 2, laplace, RESERVOIR, 15, 1",
    "linear, logistic, 2, laplace, WINDOW, 15, 0.8",
    "mlp, softmax, 3, laplace, ALL, 1000, 0.9",
  })
  void theTargetMovesFromEpochToEpoch(
      String kind,
      String loss,
      int classes,
      String surrogate,
      Keeping keeping,
      int kept,
      double discount) {
    PosteriorModel model = model(kind, loss, classes);
    Shape shape = kind.equals("mlp") ? Shape.NONE : Shape.FULL;
    SampleOptions o =
        options(model, "control-variate", "sgld", surrogate, shape, keeping, kept, discount);
    Map<String, Rows> rows = rows(model, 40, 0.5);
    Loop loop = run(o, rows, 0, 12);
    new CoreTwin(o, loop.tick(60_000).status().getClients(), rows).check(loop, 10);
    feed(loop, rows, 12, 40);
    loop.run(600);
    assertThat(loop.tick(60_000).status().getEpoch()).isGreaterThan(1);
    assertThat(loop.status().getClients()).allMatch(c -> c.getEpochRows() > 15);
    new CoreTwin(o, loop.status().getClients(), rows).check(loop, 10);
    assertThat(loop.letters).isEmpty();
  }

  /** Rows that fade soon make an epoch due sooner than by their number. */
  @Test
  void growthIsMeasuredByWhatRowsCountFor() {
    PosteriorModel model = model("gaussian-mean", "", 0);
    SampleOptions o =
        options(model, "mini-batch", "sgld", "exact", Shape.FULL, Keeping.ALL, 1000, 0.5);
    Map<String, Rows> rows = rows(model, 20, 0.5);
    Loop loop = run(o, rows, 0, 12);
    assertThat(loop.tick(60_000).status().getEpoch()).isEqualTo(1);
    feed(loop, rows, 12, 13); // the twelve before count for two
    loop.run(200).tick(60_000);
    assertThat(loop.status().getEpoch()).isGreaterThan(1);
    assertThat(loop.status().getClients()).allMatch(c -> c.getEpochRows() == 13);
  }

  @ParameterizedTest
  @CsvSource({"ALL, 1, 60, 50", "WINDOW, 1, 55, 50", "RESERVOIR, 1, 60, 50", "ALL, 0.5, 51, 50"})
  void anEpochIsDueByHowMuchAClientHasGrown(
      Keeping keeping, double discount, long due, long before) {
    SampleOptions.Clients c =
        new SampleOptions.Clients(
            CLIENTS,
            3,
            3,
            true,
            keeping,
            keeping == Keeping.ALL ? 1000 : 25,
            new Discount(discount),
            12,
            0.2);
    assertThat(c.isEpochDue(before, due)).isTrue();
    assertThat(c.isEpochDue(before, due - 1)).isFalse();
    long offered = before + Math.max(1, (due - before + 3) / 4);
    assertThat(c.isOfferDue(before, offered)).isTrue();
    assertThat(c.isOfferDue(before, offered - 1)).isFalse();
  }

  /** Of long visits at the end of each, and published as the mean of those that count. */
  @ParameterizedTest
  @CsvSource({"mini-batch, sgld", "control-variate, sgld", "mini-batch, sghmc", "svrg, psgld"})
  void theNoiseOfMiniBatchesIsMeasured(String estimator, String diffusion) {
    PosteriorModel model = model("linear", "squared", 0);
    SampleOptions o =
        Silos.options(
            options(model, estimator, diffusion, "exact", Shape.FULL),
            new SampleOptions.Chains(1, 100, 1e-3, 1, 1, 0, 24, Routing.CYCLIC),
            null);
    Map<String, Rows> rows = rows(model, 12, 0.5);
    Loop loop = run(o, rows, 0, 12);
    CoreTwin twin = new CoreTwin(o, loop.tick(60_000).status().getClients(), rows);
    twin.check(loop, 20);
    assertThat(twin.noise).hasSizeGreaterThan(20).anyMatch(n -> n > 0);
    long published = loop.model().getCounters().get("visits");
    assertThat(loop.model().getMetrics().get("noise-ratio"))
        .isCloseTo(
            twin.noise.stream().limit(published).mapToDouble(n -> n).average().orElseThrow(),
            within(1e-12));
  }

  /** An epoch that has lasted long enough gives way to one with what has been offered since. */
  @Test
  void anEpochLastsNoLongerThanItMay() {
    PosteriorModel model = model("gaussian-mean", "", 0);
    SampleOptions usual = options(model, "mini-batch", "sgld", "exact", Shape.FULL);
    SampleOptions o = Silos.options(usual, usual.chains(), Duration.ofHours(1));
    Map<String, Rows> rows = rows(model, 20, 0.5);
    Loop loop = run(o, rows, 0, 12);
    feed(loop, rows, 12, 15);
    loop.run(100).tick(3_500_000);
    assertThat(loop.run(100).status().getEpoch()).isEqualTo(1);
    loop.tick(200_000).run(200).tick(60_000);
    assertThat(loop.status().getEpoch()).isEqualTo(2);
    assertThat(loop.status().getClients()).allMatch(c -> c.getEpochRows() == 14);
  }

  /** By an order, which is one order however often it is read. */
  @Test
  void anEpochThatIsWantedTakesInWhatHasBeenOffered() {
    PosteriorModel model = model("linear", "logistic", 2);
    SampleOptions o = options(model, "control-variate", "sgld", "laplace", Shape.FULL);
    Map<String, Rows> rows = rows(model, 20, 0.5);
    Loop loop = run(o, rows, 0, 12);
    feed(loop, rows, 12, 15);
    loop.run(300).tick(10);
    assertThat(loop.status().getEpoch()).as("not grown by half").isEqualTo(1);
    loop.want(1).want(1).run(300).want(1).run(300).tick(60_000);
    assertThat(loop.status().getEpoch()).isEqualTo(2);
    assertThat(loop.status().getClients()).allMatch(c -> c.getEpochRows() == 14);
    new CoreTwin(o, loop.status().getClients(), rows).check(loop, 10);
    assertThat(loop.want(3).run(300).tick(60_000).status().getEpoch())
        .as("an epoch that is not in force is named")
        .isEqualTo(2);
    assertThat(loop.letters).isEmpty();
  }
}
