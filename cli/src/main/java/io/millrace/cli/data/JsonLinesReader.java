package io.millrace.cli.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A JSON object per line. Fields are numbers, strings, booleans (words) or null (absent); objects
 * inside are flattened with a dot, arrays with their position: {@code {"a": {"b": [7]}}} is the
 * column {@code a.b.0}.
 */
final class JsonLinesReader extends RawReader {
  private final JsonFactory json =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private final BufferedReader lines;

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
      object(parser, "", row);
      if (parser.nextToken() != null) {
        throw new DataException(where() + ": something follows the JSON object on its line");
      }
    } catch (JsonProcessingException e) {
      throw new DataException(where() + ": " + e.getOriginalMessage(), e);
    }
    return true;
  }

  private void object(JsonParser parser, String prefix, RawRow row) throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = prefix + parser.currentName();
      parser.nextToken();
      value(parser, name, row);
    }
  }

  private void value(JsonParser parser, String name, RawRow row) throws IOException {
    switch (parser.currentToken()) {
      case START_OBJECT -> object(parser, name + ".", row);
      case START_ARRAY -> {
        for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
          value(parser, name + "." + i, row);
        }
      }
      case VALUE_NULL -> {}
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> row.cell(column(name), parser.getText(), false);
      default -> row.cell(column(name), parser.getText(), true);
    }
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
