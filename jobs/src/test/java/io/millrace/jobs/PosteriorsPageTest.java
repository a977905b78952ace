package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.operators.shell.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The jobs of docs/posteriors.md are valid, and fit each other. */
class PosteriorsPageTest {
  private static JobConfig silo;
  private static JobConfig router;

  @BeforeAll
  static void read() throws IOException {
    List<JobConfig> jobs =
        Pattern.compile("(?ms)^```yaml\n(.*?)^```$")
            .matcher(Files.readString(Path.of("../docs/posteriors.md")))
            .results()
            .map(m -> JobConfig.parse(m.group(1)))
            .toList();
    assertThat(jobs).hasSize(2);
    silo = jobs.get(0);
    router = jobs.get(1);
  }

  @Test
  void theTopicsBetweenThemAreTheSameOnTheSameKafka() {
    KafkaCluster shared = silo.clusters().get(1);
    assertThat(shared.topics()).containsExactlyInAnyOrder("study.chains", "study.draws");
    KafkaCluster routers = router.clusters().get(0);
    assertThat(routers.topics()).containsAll(shared.topics());
    assertThat(routers.settings()).isEqualTo(shared.settings());
  }

  @Test
  void eachHasItsStageAndTheRouterKnowsTheClients() {
    assertThat(JobPlan.of(silo).stages()).extracting(Stage::uid).containsExactly("clients");
    assertThat(JobPlan.of(router).stages()).extracting(Stage::uid).containsExactly("router");
    assertThat(router.get(SampleSettings.CLIENTS)).containsAll(silo.get(SampleSettings.CLIENTS));
    assertThat(silo.id()).isNotEqualTo(router.id());
  }
}
