package io.millrace.cli.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** A drawing on white as an SVG, element by element. Not thread-safe. */
final class Svg {
  private final StringBuilder text = new StringBuilder();

  /** An empty drawing of so many units. */
  Svg(int width, int height) {
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
            + " font-size=\"13\">",
        width, height);
    add("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", width, height);
  }

  /** Adds an element, a line of the file. */
  void add(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  /** The whole drawing. */
  String end() {
    return text + "</svg>\n";
  }

  /** Writes a drawing, over what is there. */
  static void write(String drawing, Path file) {
    try {
      Files.writeString(file, drawing);
    } catch (IOException e) {
      throw new UncheckedIOException("plot " + file, e);
    }
  }
}
