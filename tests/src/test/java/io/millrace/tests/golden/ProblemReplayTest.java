package io.millrace.tests.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.golden.Golden;
import io.millrace.golden.GoldenResult;
import io.millrace.golden.GoldenResult.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a problem file lists takes part: the replay fails when it is changed or missing. */
class ProblemReplayTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path dir;

  private GoldenResult changed(String method, Consumer<ObjectNode> change) throws IOException {
    ObjectNode file = (ObjectNode) JSON.readTree(GoldenFiles.ofMethod(method).get(0).toFile());
    change.accept(file);
    return Golden.check(Files.writeString(dir.resolve("changed.json"), file.toString()));
  }

  private static ArrayNode input(JsonNode file, String name) {
    return (ArrayNode) file.get("inputs").get(name);
  }

  private static void increment(JsonNode rows, int step) {
    ArrayNode batch = (ArrayNode) rows.get(step);
    batch.set(0, (batch.get(0).asInt() + 1) % 16);
  }

  @Test
  void anUnchangedFilePasses() throws IOException {
    assertThat(changed("page", f -> {}).status()).isEqualTo(Status.PASS);
  }

  @Test
  void anotherCoinFailsFromThatStepOn() throws IOException {
    GoldenResult r = changed("page", f -> input(f, "coins").set(1, 1));
    assertThat(r.status()).isEqualTo(Status.FAIL);
    assertThat(r.reason()).startsWith("trajectory[2][0] = ");
  }

  @Test
  void anotherRowInABatchFailsFromThatStepOn() throws IOException {
    GoldenResult r = changed("cyclic_block_vr", f -> increment(input(f, "batches"), 4));
    assertThat(r.status()).isEqualTo(Status.FAIL);
    assertThat(r.reason()).startsWith("trajectory[4][0] = ");
  }

  @Test
  void anotherRowInALargeBatchFailsWhereItIsAskedFor() throws IOException {
    GoldenResult r = changed("spider_normalized", f -> increment(input(f, "big_batches"), 2));
    assertThat(r.status()).isEqualTo(Status.FAIL);
    assertThat(r.reason()).startsWith("trajectory[10][0] = ");
  }

  @Test
  void anotherSampleFailsTheMethodThatDrawsIt() throws IOException {
    GoldenResult r = changed("saga", f -> increment(input(f, "batches"), 7));
    assertThat(r.status()).isEqualTo(Status.FAIL);
    assertThat(r.reason()).startsWith("trajectory[7][0] = ");
  }

  @Test
  void otherBlocksAreAnotherMethod() throws IOException {
    GoldenResult r =
        changed("cyclic_block_vr", f -> ((ObjectNode) f.get("hyperparameters")).remove("blocks"));
    assertThat(r.status()).isEqualTo(Status.FAIL);
  }

  @Test
  void whatTheMethodDrawsHasToBeListed() throws IOException {
    GoldenResult r = changed("page", f -> ((ObjectNode) f.get("inputs")).remove("coins"));
    assertThat(r.status()).isEqualTo(Status.UNSUPPORTED);
    assertThat(r.reason()).contains("coins", "does not list");
  }

  @Test
  void anInputThatNothingReadsIsRefused() throws IOException {
    GoldenResult r = changed("page", f -> ((ObjectNode) f.get("inputs")).putArray("dice").add(6));
    assertThat(r.status()).isEqualTo(Status.UNSUPPORTED);
    assertThat(r.reason()).contains("inputs.dice is not replayed");
  }

  @Test
  void anOptionThatTheMethodDoesNotHaveIsUnsupportedAndNamed() throws IOException {
    GoldenResult r =
        changed(
            "sania_adagrad_sqr", f -> ((ObjectNode) f.get("hyperparameters")).put("grafting", 1));
    assertThat(r.status()).isEqualTo(Status.UNSUPPORTED);
    assertThat(r.reason()).contains("'sania_adagrad_sqr' has no option 'grafting'");
    r = changed("saga", f -> ((ObjectNode) f.get("hyperparameters")).put("table_init", "random"));
    assertThat(r.status()).isEqualTo(Status.UNSUPPORTED);
    assertThat(r.reason()).contains("'saga' knows no table-init 'random'");
    r = changed("page", f -> ((ObjectNode) f.get("hyperparameters")).putArray("p").add(0.1).add(1));
    assertThat(r.status()).isEqualTo(Status.UNSUPPORTED);
    assertThat(r.reason()).contains("'page' takes no list for 'p'");
  }

  @Test
  void aFieldThatNothingReadsIsUnsupportedAndNamed() throws IOException {
    GoldenResult r = changed("lasso", f -> ((ObjectNode) f.at("/cases/2/expected")).put("gap", 0));
    assertThat(r.status()).isEqualTo(Status.UNSUPPORTED);
    assertThat(r.reason()).contains("'cases[2].expected.gap'");
    r = changed("omp", f -> ((ObjectNode) f.at("/cases/0/inputs")).put("group", 2));
    assertThat(r.status()).isEqualTo(Status.UNSUPPORTED);
    assertThat(r.reason()).contains("'cases[0].inputs.group'");
  }

  @Test
  void aStateThatNoProcessHasRoomForIsUnsupported() throws IOException {
    GoldenResult r =
        changed("mfac", f -> ((ObjectNode) f.get("hyperparameters")).put("window", 46_341));
    assertThat(r.status()).isNotEqualTo(Status.PASS);
    assertThat(r.reason()).contains("bytes");
  }

  @Test
  void anUnknownProblemIsRefused() throws IOException {
    GoldenResult r = changed("page", f -> ((ObjectNode) f.get("problem")).put("type", "cubic"));
    assertThat(r.status()).isEqualTo(Status.UNSUPPORTED);
    assertThat(r.reason()).isEqualTo("no problem 'cubic'");
  }
}
