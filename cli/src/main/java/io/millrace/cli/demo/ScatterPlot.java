package io.millrace.cli.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Points in the plane beside a Gaussian, in panels side by side, as an SVG. Not thread-safe. */
final class ScatterPlot {
  private static final int SIDE = 420;
  private static final int MARGIN = 30;
  private static final int TOP = 40;
  private static final int BOTTOM = 40;

  private final List<Panel> panels = new ArrayList<>();

  private record Panel(
      String name, double[] mean, double sd, double reach, double[] points, double[][] marks) {}

  /**
   * Adds a panel.
   *
   * @param mean [2] of the Gaussian, in the middle of the panel
   * @param sd of each of its coordinates; circles of one, two and three are drawn
   * @param reach from the middle to a side
   * @param points [n x 2]
   * @param marks [k][2], drawn as crosses
   */
  ScatterPlot panel(
      String name, double[] mean, double sd, double reach, double[] points, double[][] marks) {
    panels.add(new Panel(name, mean, sd, reach, points, marks));
    return this;
  }

  /** The plot as text. */
  String svg() {
    Svg out = new Svg(MARGIN + panels.size() * (SIDE + MARGIN), TOP + SIDE + BOTTOM);
    for (int p = 0; p < panels.size(); p++) {
      draw(out, panels.get(p), MARGIN + p * (SIDE + MARGIN));
    }
    return out.end();
  }

  private static void draw(Svg out, Panel p, int left) {
    double scale = SIDE / (2 * p.reach());
    double x = left + SIDE / 2.0;
    double y = TOP + SIDE / 2.0;
    out.add(
        "<svg x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" viewBox=\"%d %d %d %d\">",
        left, TOP, SIDE, SIDE, left, TOP, SIDE, SIDE);
    for (int i = 0; i + 1 < p.points().length; i += 2) {
      out.add(
          "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"1.8\" fill=\"#0072b2\" fill-opacity=\"0.5\"/>",
          x + scale * (p.points()[i] - p.mean()[0]), y - scale * (p.points()[i + 1] - p.mean()[1]));
    }
    for (double[] mark : p.marks()) {
      double mx = x + scale * (mark[0] - p.mean()[0]);
      double my = y - scale * (mark[1] - p.mean()[1]);
      out.add(
          "<path d=\"M%.1f %.1fl10 10m0 -10l-10 10\" stroke=\"#009e73\" stroke-width=\"2\"/>",
          mx - 5, my - 5);
    }
    for (int k = 1; k <= 3; k++) {
      out.add(
          "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.2f\" fill=\"none\" stroke=\"#d55e00\""
              + " stroke-width=\"1.5\"/>",
          x, y, scale * k * p.sd());
    }
    out.add("</svg>");
    out.add(
        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#888888\"/>",
        left, TOP, SIDE, SIDE);
    out.add("<text x=\"%d\" y=\"%d\">%s</text>", left, TOP - 12, p.name());
    out.add(
        "<text x=\"%d\" y=\"%d\" font-size=\"11\">%s to a side; circles: 1, 2, 3 sd of the"
            + " posterior%s</text>",
        left,
        TOP + SIDE + 18,
        String.format(Locale.ROOT, "%.3g", p.reach()),
        p.marks().length == 0 ? "" : "; crosses: clients");
  }

  /** Writes the plot, over what is there. */
  void write(Path file) {
    Svg.write(svg(), file);
  }
}
