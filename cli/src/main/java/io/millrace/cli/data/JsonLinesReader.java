package io.millrace.cli.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A JSON object per line. Fields are numbers, strings, booleans (words) or null (absent); objects
 * inside are flattened with a dot, arrays with their position: {@code {"a": {"b": [7]}}} is the
 * column {@code a.b.0}.
 */
final class JsonLinesReader extends RawReader {
  private final JsonFactory json =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private final BufferedReader lines;

  /** How each column is written, by its position. */
  private final List<String> paths = new ArrayList<>();

  JsonLinesReader(Path path) throws IOException {
    super(path);
    lines = new BufferedReader(reader, 1 << 16);
  }

  @Override
  boolean read(RawRow row) throws IOException {
    String line;
    do {
      line = lines.readLine();
      if (line == null) {
        return false;
      }
    } while (line.isBlank());
    try (JsonParser parser = json.createParser(line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new DataException(where() + ": expected a JSON object");
      }
      object(parser, "", "", row);
      if (parser.nextToken() != null) {
        throw new DataException(where() + ": something follows the JSON object on its line");
      }
    } catch (JsonProcessingException e) {
      throw new DataException(where() + ": " + e.getOriginalMessage(), e);
    }
    return true;
  }

  /**
   * Reads an object.
   *
   * @param prefix of its fields' names as columns
   * @param path of the same, in which a dot within a name is told from one between names
   */
  private void object(JsonParser parser, String prefix, String path, RawRow row)
      throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      value(parser, prefix + name, path + '{' + name, row);
    }
  }

  private void value(JsonParser parser, String name, String path, RawRow row) throws IOException {
    switch (parser.currentToken()) {
      case START_OBJECT -> object(parser, name + ".", path, row);
      case START_ARRAY -> {
        for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
          value(parser, name + "." + i, path + '[' + i, row);
        }
      }
      case VALUE_NULL -> {}
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
        String text = parser.getText();
        if (Double.isNaN(Cells.number(text))) {
          throw new DataException(
              where() + ": column '" + name + "' is " + text + "; beyond the range of a double");
        }
        row.cell(column(name, path), text, false);
      }
      default -> row.cell(column(name, path), parser.getText(), true);
    }
  }

  /** Position of a column, which must always be spelt by the same path. */
  private int column(String name, String path) throws DataException {
    int position = column(name);
    if (position == paths.size()) {
      paths.add(path);
    } else if (!paths.get(position).equals(path)) {
      throw new DataException(
          where()
              + ": column '"
              + name
              + "' is written in two ways, "
              + shown(paths.get(position))
              + " and "
              + shown(path)
              + "; rename one of the fields");
    }
    return position;
  }

  /** A path as JSON has it: {@code "u.age"}, or {@code "u": "age"}. */
  private static String shown(String path) {
    StringBuilder out = new StringBuilder();
    for (String step : path.split("(?=[{\\[])")) {
      out.append(out.isEmpty() ? "" : ": ");
      out.append(step.charAt(0) == '{' ? "\"" + step.substring(1) + "\"" : step + "]");
    }
    return out.toString();
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
