package io.millrace.cli.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.console.Pace;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Slow lane: whether the memory of the page and of the server stay flat while 1,000 metric records
 * come each second, and how soon the page is painted. Not part of the build; {@code ./mvnw test -pl
 * cli -Dtest=DashboardEndurance} runs it, {@code -Dmillrace.dashboard.minutes} says how long.
 * Figures that it has given stand in docs/benchmarks/dashboard.md.
 */
class DashboardEndurance {
  private static final int MINUTES = Integer.getInteger("millrace.dashboard.minutes", 10);
  private static final int KEYS = Integer.getInteger("millrace.dashboard.keys", 10_000);
  private static final int PER_SECOND = 1000;

  /** Every so many records one is of the key whose page is open, so that its charts move. */
  private static final int OF_THE_OPEN_ONE = 100;

  @TempDir Path dir;

  @Test
  void memoryStaysFlat() throws Exception {
    Chromium.needed();
    Board[] board = new Board[1];
    try (Dashboard dashboard =
            Dashboard.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                "localhost:9092",
                new ModelShelf(null),
                null,
                b -> {
                  board[0] = b;
                  return () -> {};
                });
        Chromium page = Chromium.start(dir)) {
      page.look(1280, 800, false);
      for (int i = 0; i < KEYS; i++) {
        board[0].accept(
            Records.metric("key-" + i, 1000, 0.5, 0.8, 0.6), System.currentTimeMillis());
      }
      page.open(dashboard.url());
      page.await("document.querySelector('.row a') !== null");
      say("first contentful paint %.0f ms", paint(page));
      for (String sort : new String[] {"worst", "key", "loss", "events"}) {
        // A revision has its order once; another search is another order.
        say(
            "%,d keys by %s: %.0f ms from the question to the rows, %.0f ms once more",
            KEYS, sort, answer(page, sort), answer(page, sort));
      }
      feed(page, board[0], "overview", Math.max(1, MINUTES / 2));
      page.value("location.hash = '#/key?k=key-0'");
      page.await("document.querySelectorAll('.uplot').length >= 3");
      feed(page, board[0], "one key", Math.max(1, MINUTES - MINUTES / 2));
      assertThat(page.complaints()).isEmpty();
    }
  }

  private int sent;

  private void feed(Chromium page, Board board, String what, int minutes) throws Exception {
    double first = Double.NaN;
    for (int minute = 1; minute <= minutes; minute++) {
      Pace pace = new Pace((double) PER_SECOND);
      for (int i = 1; i <= 60 * PER_SECOND; i++) {
        sent++;
        int key = sent % OF_THE_OPEN_ONE == 0 ? 0 : sent % KEYS;
        double wave = 0.1 * StrictMath.sin(0.01 * sent);
        board.accept(
            Records.metric("key-" + key, 1000L + sent, 0.5 + wave, 0.8 - wave, 0.6),
            System.currentTimeMillis());
        pace.keep(i);
      }
      page.ask("HeapProfiler.collectGarbage", Map.of());
      JsonNode heap = page.ask("Runtime.getHeapUsage", Map.of());
      double mib = heap.get("usedSize").asDouble() / (1 << 20);
      System.gc();
      Runtime r = Runtime.getRuntime();
      say(
          "%s, minute %d: page %.2f MiB, %d nodes, server %.0f MiB, %,d records",
          what,
          minute,
          mib,
          page.value("document.querySelectorAll('*').length").asInt(),
          (r.totalMemory() - r.freeMemory()) / (double) (1 << 20),
          sent);
      if (minute == 1) {
        first = mib;
      }
      assertThat(mib).as("MiB of the page in minute " + minute).isLessThan(1.25 * first + 2);
    }
  }

  private static double answer(Chromium page, String sort) throws Exception {
    return page.value(
            "(async () => { const t = performance.now(); await (await fetch('/api/keys?count=30&sort="
                + sort
                + "')).json(); return performance.now() - t; })()")
        .asDouble();
  }

  private static double paint(Chromium page) throws Exception {
    return page.value("performance.getEntriesByName('first-contentful-paint')[0].startTime")
        .asDouble();
  }

  private static void say(String format, Object... args) {
    System.out.println("dashboard: " + String.format(Locale.ROOT, format, args));
  }
}
