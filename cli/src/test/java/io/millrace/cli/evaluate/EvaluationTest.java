package io.millrace.cli.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.cli.data.DataOptions;
import io.millrace.cli.data.DataReader;
import io.millrace.cli.data.DataScan;
import io.millrace.cli.data.DataSchema;
import io.millrace.core.features.InputSpec;
import io.millrace.core.supervised.SupervisedLearner;
import io.millrace.core.supervised.SupervisedOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {
  @TempDir Path dir;

  private Evaluation evaluate(String csv, int miniBatch) throws IOException {
    Path file = dir.resolve("rows.csv");
    Files.writeString(file, csv);
    DataOptions options = DataOptions.withLabel("y");
    if (csv.startsWith("x,w,")) {
      options = options.withWeight("w");
    }
    DataSchema schema = DataScan.scan(file, options);
    InputSpec input = RowEncoder.inputOf(schema, InputSpec.Target.CLASS, 10);
    Evaluation evaluation =
        new Evaluation(
            new SupervisedLearner(
                SupervisedOptions.of(input, "logistic", "sgd", Map.of("learning-rate", 0.5))),
            input,
            miniBatch);
    try (DataReader reader = DataReader.open(file, schema)) {
      evaluation.run(reader, (e, bytes) -> {});
    }
    return evaluation;
  }

  @Test
  void everyRowIsPredictedBeforeItIsLearned() throws IOException {
    Evaluation e = evaluate("x,y\n1,0\n1,1\n", 1);
    double margin = -0.5 * 0.5 * 2; // the first step moves weight and bias by rate times (0.5 - 0)
    double expected = (Math.log(2) + Math.log1p(Math.exp(-margin))) / 2;
    assertThat(e.loss()).isCloseTo(expected, within(1e-12));
    assertThat(e.accuracy()).isEqualTo(0.5); // the tie of the first row counts as class 0
    assertThat(e.learned()).isEqualTo(2);
  }

  @Test
  void anUnfinishedMiniBatchIsNotLearnedFrom() throws IOException {
    Evaluation e = evaluate("x,y\n1,0\n2,1\n3,0\n4,1\n5,0\n", 2);
    assertThat(e.rows()).isEqualTo(5);
    assertThat(e.learned()).isEqualTo(4);
    assertThat(e.state().steps()).isEqualTo(2);
  }

  @Test
  void aRowWithoutLabelIsNeitherJudgedNorLearnedFrom() throws IOException {
    Evaluation e = evaluate("x,y\n1,0\n2,\n3,1\n", 1);
    assertThat(e.rows()).isEqualTo(3);
    assertThat(e.labelled()).isEqualTo(2);
    assertThat(e.learned()).isEqualTo(2);
  }

  @Test
  void wordsAreHashedByTheirNames() throws IOException {
    Evaluation e = evaluate("x,job,y\n1,a,0\n2,b,1\n3,a,0\n", 1);
    assertThat(e.learned()).isEqualTo(3);
    assertThat(e.stateBytes()).isGreaterThanOrEqualTo(1024 * Double.BYTES);
  }

  @Test
  void aRowThatNoFiniteStepCanBeMadeWithIsSetAsideAndTheOthersLearned() throws IOException {
    Evaluation e = evaluate("x,y\n1,0\n1e300,1\n1e300,0\n1,1\n2,0\n2,1\n", 2);
    assertThat(e.rejected()).isPositive();
    assertThat(e.learned() + e.rejected()).isEqualTo(6);
    assertThat(e.state().block("theta")).doesNotContain(Double.NaN);
  }

  /** The job leaves such a loss out of its mean, too. */
  @Test
  void aRowWithoutAFiniteLossDoesNotSpoilTheMean() throws IOException {
    Evaluation e = evaluate("x,y\n1,0\n1e308,0\n1,1\n", 1);
    assertThat(e.unscored()).isLessThanOrEqualTo(1);
    assertThat(e.loss()).isFinite();
    Evaluation none = evaluate("x,y\n1,\n1,1\n1,0\n", 3);
    assertThat(none.loss()).isFinite();
  }

  @Test
  void rowsOfWeightZeroAreNeitherJudgedNorLearnedFrom() throws IOException {
    Evaluation e = evaluate("x,w,y\n1,0,1\n1,1,0\n1,0,1\n1,1,1\n", 1);
    Evaluation without = evaluate("x,w,y\n1,1,0\n1,1,1\n", 1);
    assertThat(e.rows()).isEqualTo(4);
    assertThat(e.weightless()).isEqualTo(2);
    assertThat(e.learned()).isEqualTo(2);
    assertThat(e.state().steps()).isEqualTo(2);
    assertThat(e.loss()).isEqualTo(without.loss());
    assertThat(e.state().block("theta")).isEqualTo(without.state().block("theta"));
  }
}
