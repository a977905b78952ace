package io.millrace.cli.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.cli.Cli;
import io.millrace.core.catalog.Optimizers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.StreamSupport;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
  @TempDir Path dir;
  private Path data;

  @BeforeEach
  void writeRows() throws Exception {
    Random random = new Random(1);
    StringBuilder csv = new StringBuilder("a,b,c,y\n");
    for (int i = 0; i < 300; i++) {
      double a = random.nextGaussian();
      double b = random.nextGaussian();
      double c = random.nextGaussian();
      int y = a - b / 2 + 0.3 * random.nextGaussian() > 0 ? 1 : 0;
      csv.append(a).append(',').append(b).append(',').append(c).append(',').append(y).append('\n');
    }
    data = dir.resolve("rows.csv");
    Files.writeString(data, csv);
  }

  private JsonNode evaluate(String... more) throws Exception {
    String[] args = new String[more.length + 2];
    System.arraycopy(new String[] {"--label", "y"}, 0, args, 0, 2);
    System.arraycopy(more, 0, args, 2, more.length);
    return run(data, args);
  }

  private static JsonNode run(Path file, String... more) throws Exception {
    Cli cli = new Cli();
    String[] args = new String[more.length + 4];
    System.arraycopy(new String[] {"evaluate", "--data", file.toString(), "--json"}, 0, args, 0, 4);
    System.arraycopy(more, 0, args, 4, more.length);
    assertThat(cli.run(args)).as(cli.err()).isZero();
    assertThat(cli.out().lines()).hasSize(1);
    return new ObjectMapper().readTree(cli.out());
  }

  @Test
  void everyOptimizerOfTheCatalogueIsComparedOrSkippedWithAReason() throws Exception {
    Path plot = dir.resolve("loss.png");
    JsonNode o = evaluate("--compare", "all", "--grid", "0.01,0.3", "--plot", plot.toString());
    assertThat(o.get("optimizers").size() + o.get("skipped").size())
        .isEqualTo(Optimizers.ALL.size());
    assertThat(StreamSupport.stream(o.get("optimizers").spliterator(), false))
        .as("sorted by loss at the best rate")
        .isSortedAccordingTo(
            (x, y) ->
                Double.compare(
                    x.get("best").get("loss").doubleValue(),
                    y.get("best").get("loss").doubleValue()))
        .allMatch(
            e ->
                e.get("best").get("loss").doubleValue()
                    <= e.get("default").get("loss").doubleValue());
    assertThat(ImageIO.read(plot.toFile()).getWidth()).isEqualTo(900);
  }

  @Test
  void theDefaultIsWhatAnEvaluationOfItsOwnGives() throws Exception {
    JsonNode compared = evaluate("--compare", "adam", "--grid", "0.1");
    JsonNode alone = evaluate("--optimizer", "adam");
    assertThat(compared.at("/optimizers/0/default/loss").doubleValue())
        .isCloseTo(alone.get("loss").doubleValue(), within(0.0));
    JsonNode other = evaluate("--optimizer", "adam", "--set", "learning-rate=0.1");
    assertThat(compared.at("/optimizers/0/grid/0/loss").doubleValue())
        .isCloseTo(other.get("loss").doubleValue(), within(0.0));
  }

  @Test
  void whatIsAboveTheBoundOfWorkIsSkipped() throws Exception {
    JsonNode o = evaluate("--compare", "sgd,shampoo", "--grid", "0.1", "--work-bound", "5000");
    assertThat(o.get("optimizers")).hasSize(1);
    assertThat(o.at("/skipped/shampoo").textValue()).contains("--work-bound");
  }

  /** 50 rows of 1,000 coordinates each that no other row has. */
  @Test
  void aMatrixThatNoArrayHoldsIsAReasonToSkip() throws Exception {
    StringBuilder svm = new StringBuilder();
    for (int r = 0; r < 50; r++) {
      svm.append(r % 2);
      for (int c = 0; c < 1000; c++) {
        svm.append(' ').append(1000 * r + c + 1).append(":1");
      }
      svm.append('\n');
    }
    JsonNode o = run(svm("wide", svm), "--compare", "sgd,dog,psgd_dense_newton", "--grid", "0.1");
    assertThat(o.get("optimizers")).hasSize(2);
    assertThat(o.at("/skipped/psgd_dense_newton").textValue()).contains("bytes; at most");
  }

  /** A rule that takes a norm over all coordinates does the same with those left out. */
  @Test
  void coordinatesThatDoNotOccurChangeNothing() throws Exception {
    StringBuilder svm = new StringBuilder();
    Random random = new Random(2);
    for (int r = 0; r < 200; r++) {
      double a = random.nextGaussian();
      svm.append(a > 0 ? 1 : 0).append(" 7:").append(a);
      svm.append(" 90000:").append(random.nextGaussian()).append('\n');
    }
    Path file = svm("narrow", svm);
    JsonNode o = run(file, "--compare", "dog,adagrad,rate_mixture", "--grid", "0.1");
    assertThat(o.get("dimension").asInt()).isEqualTo(90000);
    assertThat(o.get("occurring").asInt()).isEqualTo(2);
    for (JsonNode e : o.get("optimizers")) {
      JsonNode alone = run(file, "--optimizer", e.get("optimizer").asText());
      assertThat(e.at("/default/loss").doubleValue())
          .isCloseTo(alone.get("loss").doubleValue(), within(1e-12));
    }
  }

  private Path svm(String name, StringBuilder rows) throws Exception {
    return Files.writeString(dir.resolve(name + ".svm"), rows);
  }
}
