package io.millrace.cli.data;

import io.millrace.core.features.InputSpec;
import java.util.List;

/**
 * What a file holds, found by {@link DataScan} in a first pass.
 *
 * @param options what was asked for
 * @param kind how features come out
 * @param dimension coordinates of a dense or sparse vector; 0 where named
 * @param columns of a table; empty for LIBSVM
 * @param classes class names in order of their index; empty where labels are numbers or absent
 * @param rows rows in the file
 */
public record DataSchema(
    DataOptions options,
    InputSpec.Kind kind,
    int dimension,
    List<Column> columns,
    List<String> classes,
    long rows) {
  public DataSchema {
    columns = List.copyOf(columns);
    classes = List.copyOf(classes);
  }
}
