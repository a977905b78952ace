package io.millrace.cli.evaluate;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Loss against events for the best few of a comparison. */
public final class LossPlot {
  private static final int SERIES = 6;

  /** Points that are left out: the mean of a few rows says nothing and takes up the scale. */
  private static final int FIRST = 2;

  private LossPlot() {}

  /**
   * Writes a PNG, over what is there.
   *
   * @param data name of the stream
   */
  public static void write(Path file, String data, String loss, Comparison.Result result)
      throws IOException {
    System.setProperty("java.awt.headless", "true");
    XYChart chart =
        new XYChartBuilder()
            .width(900)
            .height(560)
            .title(data + ": the best " + Math.min(SERIES, result.entries().size()) + " optimizers")
            .xAxisTitle("events")
            .yAxisTitle("mean " + loss + " loss so far")
            .build();
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
    int n = Comparison.POINTS - FIRST;
    double[] events = new double[n];
    for (int p = 0; p < n; p++) {
      events[p] = Comparison.end(p + FIRST, result.rows());
    }
    for (Comparison.Entry e : result.entries().stream().limit(SERIES).toList()) {
      Comparison.Run best = e.best();
      double[] mean = new double[n];
      System.arraycopy(best.curve(), FIRST, mean, 0, n);
      chart
          .addSeries(
              e.optimizer() + (Double.isNaN(best.rate()) ? "" : ", rate " + best.rate()),
              events,
              mean)
          .setMarker(SeriesMarkers.NONE);
    }
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      BitmapEncoder.saveBitmap(chart, out, BitmapEncoder.BitmapFormat.PNG);
    }
  }
}
