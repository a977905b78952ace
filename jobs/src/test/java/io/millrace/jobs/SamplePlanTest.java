package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.ConfigException;
import io.millrace.core.sample.Discount;
import io.millrace.core.sample.chain.Routing;
import io.millrace.core.sample.data.Keeping;
import io.millrace.operators.sample.SampleOptions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the YAML of a `sample` job means. */
class SamplePlanTest {
  private static final String LEAST =
      """
      job: sample
      kafka: {bootstrap-servers: "localhost:9092"}
      features.dimension: 3
      chains.step-size: 0.001
      """;

  private static SampleOptions plan(String more) {
    return ((SamplePlan) JobPlan.of(JobConfig.parse(LEAST + more))).sampling();
  }

  @Test
  void defaults() {
    SampleOptions o = plan("");
    assertThat(o.topics())
        .containsExactly("millrace.examples", "millrace.chains", "millrace.draws");
    assertThat(o.posterior()).isEqualTo("posterior");
    assertThat(o.model().loss()).isEqualTo("logistic");
    assertThat(o.model().size()).isEqualTo(4);
    assertThat(o.sampler().estimator()).isEqualTo("control-variate");
    assertThat(o.sampler().diffusion()).isEqualTo("sgld");
    assertThat(o.surrogate().kind()).isEqualTo("laplace");
    assertThat(o.surrogate().anchors()).isEqualTo(2);
    assertThat(o.chains())
        .isEqualTo(new SampleOptions.Chains(4, 100, 0.001, 1, 100, 100, 200, Routing.INDEPENDENT));
    assertThat(o.clients())
        .isEqualTo(
            new SampleOptions.Clients(
                List.of(), 2, 64, true, Keeping.ALL, 100_000, Discount.NONE, 100, 0.1));
    assertThat(o.patience())
        .isEqualTo(
            new SampleOptions.Patience(
                Duration.ofSeconds(30), 3, Duration.ofSeconds(30), null, Duration.ofSeconds(10)));
  }

  @Test
  void everySettingArrives() {
    SampleOptions o =
        plan(
            """
            snapshots.key: risk
            model: {kind: mlp, loss: softmax, classes: [a, b, c], hidden: [5], activation: tanh}
            prior.precision: 0.5
            chains: {count: 8, local-steps: 50, temperature: 0.5, thin: 5, burn-in: 7, kept-draws: 80}
            chains.routing: self-repellent
            estimator: {kind: mini-batch, mini-batch: 32}
            diffusion: {kind: psgld}
            surrogate: {kind: samples, shape: diagonal, anchor-rounds: 1, draws: 900}
            clients: {names: [x, y], shares: uniform, least-rows: 30, grace: 5s}
            data: {keeping: window, rows: 500, half-life: 100}
            epochs: {growth: 0.25, every: 1h}
            visits: {timeout: 2s, attempts: 5}
            status.every: 1m
            dedupe.window: 10
            """);
    assertThat(o.posterior()).isEqualTo("risk");
    assertThat(o.model().input().classes()).containsExactly("a", "b", "c");
    assertThat(o.model().model().hidden()).containsExactly(5);
    assertThat(o.model().model().activation()).isEqualTo("tanh");
    assertThat(o.precision()).isEqualTo(0.5);
    assertThat(o.sampler().estimatorValues()).containsEntry("mini-batch", 32.0);
    assertThat(o.sampler().diffusion()).isEqualTo("psgld");
    assertThat(o.surrogate().values()).containsEntry("draws", 900.0);
    assertThat(o.chains())
        .isEqualTo(new SampleOptions.Chains(8, 50, 0.001, 0.5, 5, 7, 80, Routing.SELF_REPELLENT));
    assertThat(o.clients())
        .isEqualTo(
            new SampleOptions.Clients(
                List.of("x", "y"),
                2,
                2,
                false,
                Keeping.WINDOW,
                500,
                Discount.halfLife(100),
                30,
                0.25));
    assertThat(o.patience())
        .isEqualTo(
            new SampleOptions.Patience(
                Duration.ofSeconds(2),
                5,
                Duration.ofSeconds(5),
                Duration.ofHours(1),
                Duration.ofMinutes(1)));
    assertThat(o.limits().dedupeWindow()).isEqualTo(10);
  }

  /** Rows of three features, with label and weight: once, and in five copies. */
  @Test
  void whatIsKeptOfAClientIsToldAtSubmission() {
    JobPlan plan = JobPlan.of(JobConfig.parse(LEAST + "data.rows: 200000"));
    long rows = 6 * 200_000L * (3 + 2) * Double.BYTES;
    assertThat(plan.mostBytesPerKey()).isBetween(rows, rows + 10_000);
    assertThat(plan.sizeOfKey())
        .startsWith("the posterior takes ")
        .endsWith(" (data.rows = 200000)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "stop: latest | stop = latest; must be never because job is sample",
        "state.ttl: 1h | state.ttl = PT1H; must be none because job is sample",
        "metrics.every-examples: 5 | metrics.every-examples = 5; must be absent because job is",
        "estimator.kind: saga AND data.rows: 50000000 | or data.rows smaller, because in a visit it",
        "surrogate.kind: exact | surrogate.kind = exact; must be another one",
        "chains.thin: 200 | chains.thin = 200; must be at most chains.local-steps = 100",
        "chains.step-size: 0 | chains.step-size = 0.0; must be finite and above 0",
        "model: {kind: gaussian-mean, loss: squared} | model.loss = 'squared'; must be absent",
        "model.dispersion: 2 | model.dispersion = 2.0; must be absent because model.loss is logistic",
        "clients: {names: [a, b, a]} | clients.names = [a, b, a]; names must differ",
        "clients.least: 100 | must be at most clients.most = 64",
        "surrogate.anchor-rounds: 0 AND estimator.kind: control-variate | no point to anchor at",
        "prior.precision: -1 | prior.precision = -1.0; must be finite and at least 0",
        "features.dimension: 300 | records between the stages have up to",
        "data: {keeping: reservoir, discount: 0.9} | data.keeping = reservoir; must be all or window",
        "data: {discount: 0.9, half-life: 9} | data.half-life = 9.0; must be absent",
        "data.discount: 1.5 | data.discount = 1.5; must lie in (0, 1]",
        "data.half-life: 0 | data.half-life = 0.0 rows; must be positive",
        "topics.chains: none | topics.chains = 'none'; the job cannot do without",
      })
  void faultsNameTheSettingAndWhatIsAllowed(String yaml, String fault) {
    String more = yaml.replace(" AND ", "\n");
    String text =
        LEAST
                .lines()
                .filter(l -> !more.startsWith(l.substring(0, Math.max(1, l.indexOf(':')))))
                .reduce("", (a, b) -> a + b + "\n")
            + more;
    assertThatThrownBy(() -> JobConfig.parse(text))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(fault);
  }
}
