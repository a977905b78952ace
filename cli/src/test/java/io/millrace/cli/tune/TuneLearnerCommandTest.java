package io.millrace.cli.tune;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.Cli;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be tuned is said before any Kafka is asked. */
class TuneLearnerCommandTest {
  private static final String EXAMPLES = "../docs/examples/";
  private static final String RATES = EXAMPLES + "rates.yaml";
  private static final String ELECTRICITY = EXAMPLES + "electricity.yaml";

  @TempDir Path dir;

  private static String refused(String setting, String tuner, String learner) {
    Cli cli = new Cli();
    int code =
        cli.run("tune", "learner", setting, "--tuner", tuner, "--learner", learner, "--reach", "2");
    assertThat(code).isEqualTo(1);
    return cli.err();
  }

  private String tuner(String settings) throws Exception {
    String head = "job: tune\nkafka: {bootstrap-servers: \"127.0.0.1:1\"}\n";
    return Files.writeString(dir.resolve("tune.yaml"), head + settings).toString();
  }

  @Test
  void aHyperparameterThatTheModelsDoNotHave() {
    assertThat(refused("no-such", RATES, ELECTRICITY))
        .contains("no hyperparameter 'no-such'", "learning-rate");
  }

  @Test
  void jobsOfTheWrongFamily() {
    assertThat(refused("learning-rate", ELECTRICITY, ELECTRICITY)).contains("must be a tune job");
    assertThat(refused("learning-rate", RATES, RATES)).contains("must be a job whose models learn");
  }

  @Test
  void armsThatAreNoValuesOfIt() throws Exception {
    assertThat(refused("learning-rate", tuner("arms: {names: [-1, 1]}\n"), ELECTRICITY))
        .contains("arm '-1' has the value -1.0; must lie in");
    assertThat(refused("learning-rate", tuner("arms: {names: [low, high]}\n"), ELECTRICITY))
        .contains("arm 'low' has the value NaN");
  }

  @Test
  void aContextOfWhichNothingIsKnown() throws Exception {
    String two = "arms: {names: [0.1, 1]}\nrequest: {context: 2}\n";
    assertThat(refused("learning-rate", tuner(two), ELECTRICITY)).contains("request.context = 2");
  }
}
