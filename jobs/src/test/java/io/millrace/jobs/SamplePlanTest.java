package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.ConfigException;
import io.millrace.core.sample.Discount;
import io.millrace.core.sample.chain.Routing;
import io.millrace.core.sample.data.Keeping;
import io.millrace.operators.sample.SampleOptions;
import io.millrace.operators.shell.Stage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  @Test
  void aSiloReadsRowsAtHomeAndMessagesToItsClientsFromTheSharedKafka() {
    JobConfig config =
        JobConfig.parse(
            LEAST
                + """
                federation.role: silo
                clients.names: [x, y]
                kafka.shared: {bootstrap-servers: "shared:9093", properties: {linger.ms: 0}}
                """);
    assertThat(config.clusters())
        .containsExactly(
            KafkaCluster.of(
                "kafka",
                "localhost:9092",
                Map.of(),
                Set.of("millrace.examples", "millrace.dead-letters")),
            KafkaCluster.of(
                "kafka.shared",
                "shared:9093",
                Map.of("linger.ms", "0"),
                Set.of("millrace.chains", "millrace.draws")));
    assertThat(config.inputTopics()).containsExactly("millrace.examples", "millrace.chains");
    JobPlan plan = JobPlan.of(config);
    assertThat(plan.stages()).extracting(Stage::uid).containsExactly("clients");
    assertThat(plan.addressees()).isEqualTo(Map.of("millrace.chains", Set.of("x", "y")));
  }

  @Test
  void aRouterReadsNoRows() {
    JobConfig config = JobConfig.parse(LEAST + "federation.role: router\n");
    assertThat(config.inputTopics()).containsExactly("millrace.draws");
    assertThat(config.clusters()).hasSize(1);
    JobPlan plan = JobPlan.of(config);
    assertThat(plan.stages()).extracting(Stage::uid).containsExactly("router");
    assertThat(plan.addressees()).isEmpty();
  }

  /** What all must agree on is asked for in each message; which clients are whose is not. */
  @Test
  void aSiloAndItsRouterAgreeOnTheirSettings() {
    SampleOptions silo = plan("federation.role: silo\nclients.names: [x]\n");
    SampleOptions router = plan("federation.role: router\nclients.names: [x, y]\n");
    assertThat(silo.model()).isEqualTo(router.model());
    assertThat(silo.sampler()).isEqualTo(router.sampler());
    assertThat(silo.surrogate()).isEqualTo(router.surrogate());
    assertThat(silo.precision()).isEqualTo(router.precision());
  }

  @Test
  void secretsOfTheSharedKafkaAreHiddenAndFilledIn() {
    String yaml =
        LEAST
            + """
            kafka.shared:
              bootstrap-servers: "shared:9093"
              properties: {sasl.jaas.config: "${WHO}", security.protocol: SASL_SSL}
            """;
    JobConfig config = JobConfig.parse(yaml, Map.of("WHO", "me and my password"));
    assertThat(config.clusters().get(1).settings())
        .containsEntry("sasl.jaas.config", "me and my password");
    assertThat(config.toString())
        .contains("kafka.shared.properties.sasl.jaas.config = (hidden)")
        .contains("kafka.shared.bootstrap-servers = shared:9093");
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
        "federation.role: silo | clients.names: not given; must be the clients whose rows this job",
        "federation.role: router AND topics.examples: rows | topics.examples = rows; must be absent",
        "federation.role: silo AND topics.models: m | topics.models = m; must be absent because fed",
        "seed: 2 AND kafka.shared.bootstrap-servers: 'localhost:9092' | must be another Kafka than kafka.boot",
        "seed: 2 AND kafka.shared.properties: {linger.ms: 1} | kafka.shared.properties: must be absent because",
        "seed: 2 AND kafka.shared: {bootstrap-servers: 'x:1', properties: {acks: 1}} | kafka.shared.properties.ac",
        "features.dimension: 40 AND kafka.shared: {bootstrap-servers: 'x:1', properties: {max.request.size: 5000}} | (kafka.shared.properties.max.request.size",
        "seed: 2 AND kafka.shared.bootstrap-servers: 'x:1' AND topics.draws: millrace.examples | topics.draws = 'millrace.examples'; must differ from topics.examples, which lies on another Kafka",
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
