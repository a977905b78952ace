package io.millrace.cli.demo;

import io.millrace.client.Event;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * The electricity market stream that comes with the command line (ORIGIN.md beside it), as dense
 * vectors of 14: the seven numeric columns in the order of the file without {@code day}, then one
 * coordinate per day of the week.
 */
final class ElectricityStream {
  static final int DIMENSION = 14;
  static final List<String> CLASSES = List.of("DOWN", "UP");

  private static final List<String> HEADER =
      List.of(
          "date",
          "day",
          "period",
          "nswprice",
          "nswdemand",
          "vicprice",
          "vicdemand",
          "transfer",
          "class");
  private static final int DAY = 1;
  private static final int NUMERIC = 7;

  /** Half past midnight of the first day; rows are half an hour apart. */
  private static final long START = Instant.parse("1996-05-07T00:30:00Z").toEpochMilli();

  private static final long HALF_HOUR_MILLIS = 30 * 60 * 1000;

  /**
   * One half hour of the market.
   *
   * @param number of the row, from 0
   * @param features of length {@link #DIMENSION}
   * @param label one of {@link #CLASSES}
   */
  record Row(int number, double[] features, String label) {
    long eventTimeMillis() {
      return START + number * HALF_HOUR_MILLIS;
    }

    /** The same as an event of a model. */
    Event event(String key) {
      return Event.dense(key, features)
          .id("elec2-" + number)
          .eventTime(eventTimeMillis())
          .label(label);
    }
  }

  private ElectricityStream() {}

  /** The first {@code limit} rows, or all if there are fewer. */
  static List<Row> rows(int limit) {
    List<Row> rows = new ArrayList<>();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(ElectricityStream.class.getResourceAsStream("elec2.csv.gz")),
                StandardCharsets.UTF_8))) {
      List<String> header = Arrays.asList(in.readLine().split(","));
      if (!header.equals(HEADER)) {
        throw new IllegalStateException("elec2.csv.gz has columns " + header);
      }
      for (String line = in.readLine(); line != null && rows.size() < limit; line = in.readLine()) {
        rows.add(row(rows.size(), line.split(",")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("elec2.csv.gz of the command line", e);
    }
    return rows;
  }

  private static Row row(int number, String[] cells) {
    double[] x = new double[DIMENSION];
    int at = 0;
    for (int c = 0; c < cells.length - 1; c++) {
      if (c != DAY) {
        x[at++] = Double.parseDouble(cells[c]);
      }
    }
    x[NUMERIC + Integer.parseInt(cells[DAY]) - 1] = 1;
    return new Row(number, x, cells[cells.length - 1]);
  }
}
