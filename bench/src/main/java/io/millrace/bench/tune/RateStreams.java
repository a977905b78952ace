package io.millrace.bench.tune;

import io.millrace.cli.data.DataOptions;
import io.millrace.cli.data.DataScan;
import io.millrace.cli.data.DataSchema;
import io.millrace.cli.demo.Demo;
import io.millrace.cli.evaluate.Comparison;
import io.millrace.cli.evaluate.OccurringRows;
import io.millrace.cli.evaluate.RowEncoder;
import io.millrace.core.features.InputSpec;
import io.millrace.core.scaling.Scaling;
import io.millrace.core.supervised.SupervisedOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;

/** The streams on which learning rates are tuned, as a learner takes them. */
enum RateStreams {
  /** The electricity market of the demo. */
  ELEC2(Demo.class, "elec2.csv.gz", DataOptions.withLabel("class").withOneHot(Set.of("day"))),

  /** Calls of a bank; ORIGIN.md stands beside it. */
  BANK(RateStreams.class, "bank.csv.gz", DataOptions.withLabel("y"));

  private final Class<?> beside;
  private final String file;
  private final DataOptions options;

  RateStreams(Class<?> beside, String file, DataOptions options) {
    this.beside = beside;
    this.file = file;
    this.options = options;
  }

  /**
   * Reads all rows.
   *
   * @param directory for the file while it is read
   */
  OccurringRows read(Path directory) throws IOException {
    Path copy = directory.resolve(file);
    try (InputStream in = beside.getResourceAsStream(file)) {
      Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
    }
    DataSchema schema = DataScan.scan(copy, options, bytes -> {});
    InputSpec input = RowEncoder.inputOf(schema, InputSpec.Target.CLASS, schema.hashBits());
    OccurringRows rows =
        Comparison.read(
            copy,
            schema,
            SupervisedOptions.builder(input, "logistic").scaling(Scaling.STANDARD).build());
    Files.delete(copy);
    return rows;
  }
}
