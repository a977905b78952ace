package io.millrace.cli.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * Curves over 1, 2, 3, .., as an SVG with a logarithmic axis upwards: two of them are as far apart
 * wherever one is the same multiple of the other. Not thread-safe.
 */
final class CurvePlot {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 520;
  private static final int LEFT = 90;
  private static final int RIGHT = 20;
  private static final int TOP = 20;
  private static final int BOTTOM = 60;
  private static final int LINE = 20;

  /** Points of a curve that are drawn. */
  private static final int POINTS = 400;

  /** Told apart by people who see no red or no green, too (Okabe, Ito). */
  private static final List<String> COLOURS = List.of("#d55e00", "#0072b2", "#009e73");

  private static final int[] STEPS = {1, 2, 5};

  private final String across;
  private final String up;
  private final List<Curve> curves = new ArrayList<>();

  private record Curve(String name, double[] values) {}

  /** An empty plot with names of its axes. */
  CurvePlot(String across, String up) {
    this.across = across;
    this.up = up;
  }

  /**
   * Adds a curve, one of at most three.
   *
   * @param values above 0, as many as of the others
   */
  CurvePlot curve(String name, double[] values) {
    curves.add(new Curve(name, values.clone()));
    return this;
  }

  private DoubleStream values() {
    return curves.stream().flatMapToDouble(c -> DoubleStream.of(c.values()));
  }

  /** The plot as text. */
  String svg() {
    int count = curves.get(0).values().length;
    double low = values().min().orElseThrow();
    double high = values().max().orElseThrow();
    Svg out = new Svg(WIDTH, HEIGHT);
    for (double tick = 1; tick <= high; tick *= 10) {
      for (int step : STEPS) {
        if (step * tick >= low && step * tick <= high) {
          double y = y(step * tick, low, high);
          out.add(
              "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>",
              LEFT, WIDTH - RIGHT, y, y);
          out.add(
              "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%,.0f</text>",
              LEFT - 8, y + 4, step * tick);
        }
      }
    }
    for (int part = 0; part <= 5; part++) {
      int n = Math.max(1, count * part / 5);
      out.add(
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%,d</text>",
          x(n, count), HEIGHT - BOTTOM + LINE, n);
    }
    out.add(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>",
        (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 15, across);
    out.add(
        "<text x=\"18\" y=\"%d\" text-anchor=\"middle\" transform=\"rotate(-90 18 %d)\">%s</text>",
        HEIGHT / 2, HEIGHT / 2, up);
    for (int c = 0; c < curves.size(); c++) {
      draw(out, curves.get(c), COLOURS.get(c), low, high);
      int legend = TOP + LINE * (c + 1);
      out.add(
          "<text x=\"%d\" y=\"%d\" fill=\"%s\" text-anchor=\"end\">%s</text>",
          WIDTH - RIGHT - 10, legend, COLOURS.get(c), curves.get(c).name());
    }
    return out.end();
  }

  private static void draw(Svg out, Curve curve, String colour, double low, double high) {
    int count = curve.values().length;
    StringBuilder points = new StringBuilder();
    int drawn = Math.min(count, POINTS);
    for (int p = 0; p < drawn; p++) {
      int i = drawn == 1 ? 0 : (int) ((long) p * (count - 1) / (drawn - 1));
      points.append(
          String.format(
              Locale.ROOT, "%.1f,%.1f ", x(i + 1, count), y(curve.values()[i], low, high)));
    }
    out.add(
        "<polyline fill=\"none\" stroke-width=\"2\" stroke=\"%s\" points=\"%s\"/>",
        colour, points.toString().strip());
  }

  private static double x(int n, int count) {
    return LEFT + (WIDTH - LEFT - RIGHT) * (count == 1 ? 0 : (n - 1.0) / (count - 1));
  }

  private static double y(double value, double low, double high) {
    double part =
        (StrictMath.log(value) - StrictMath.log(low)) / Math.max(1e-9, StrictMath.log(high / low));
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * part;
  }

  /** Writes the plot, over what is there. */
  void write(Path file) {
    Svg.write(svg(), file);
  }
}
