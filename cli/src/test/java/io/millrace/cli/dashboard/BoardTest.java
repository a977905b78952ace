package io.millrace.cli.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.ArmCommand;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.ControlEcho;
import io.millrace.schemas.ControlOutcome;
import io.millrace.schemas.Metric;
import io.millrace.schemas.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the board makes of records, by a clock of the test. */
class BoardTest {
  private static final long NOW = 1_800_000_000_000L;
  private static final long MINUTE = 60_000;

  private final Board board = new Board();

  private Tile tile(String title, long now) {
    synchronized (board) {
      return Tiles.of(board, now).stream().filter(t -> t.title().equals(title)).findFirst().get();
    }
  }

  private Tile.State state(String title) {
    return tile(title, NOW).state();
  }

  private void metrics(String key, long from, int count, double loss, double accuracy) {
    for (int n = 1; n <= count; n++) {
      board.accept(Records.metric(key, 1000L * n, loss, accuracy, 0.6), from + n * 1000L);
    }
  }

  @Test
  void anEmptyBoardSaysWhatIsMissing() {
    for (String title : new String[] {"Events", "Learning", "Quality", "Output"}) {
      assertThat(state(title)).as(title).isEqualTo(Tile.State.NONE);
    }
    assertThat(tile("Events", NOW).todo()).contains("./millrace produce");
  }

  @Test
  void eventsAreCountedByWhenTheirFiguresWereWritten() {
    metrics("a", NOW - 31_000, 30, 0.5, 0.8);
    assertThat(tile("Events", NOW).number()).isEqualTo(500);
    assertThat(state("Events")).isEqualTo(Tile.State.GOOD);
    assertThat(tile("Events", NOW + 5 * MINUTE).word()).isEqualTo("quiet");
    // A record that comes again, or late, adds nothing.
    board.accept(Records.metric("a", 5000, 0.5, 0.8, 0.6), NOW);
    assertThat(tile("Events", NOW).number()).isEqualTo(500);
  }

  @Test
  void aJobThatFallsBehindOrStandsIsNamed() {
    metrics("a", NOW - 31_000, 30, 0.5, 0.8);
    LagWatch.Trend trend = new LagWatch.Trend();
    Lag lag = null;
    for (int i = 0; i <= 13; i++) { // every five seconds: reads, and less than comes
      lag = trend.at(100 + 10 * i, 1000 + i, 0, NOW + i * 5000L);
    }
    board.lag(lag);
    assertThat(lag.standing()).isZero();
    assertThat(tile("Events", NOW).word()).isEqualTo("falling behind");
    for (int i = 14; i <= 30; i++) {
      lag = trend.at(230, 1013, 0, NOW + i * 5000L);
    }
    board.lag(lag);
    assertThat(state("Events")).isEqualTo(Tile.State.BAD);
    board.lag(trend.at(0, 1300, 0, NOW + 200_000));
    assertThat(state("Events")).isEqualTo(Tile.State.GOOD);
  }

  @Test
  void refusedEventsColourLearning() {
    metrics("a", NOW - 31_000, 30, 0.5, 0.8);
    assertThat(state("Learning")).isEqualTo(Tile.State.GOOD);
    for (int i = 0; i < 400; i++) {
      board.accept(Records.letter("a", Reason.NOT_FINITE, "m", "{}"), NOW - 2000);
    }
    assertThat(state("Learning")).isEqualTo(Tile.State.WARN);
    for (int i = 0; i < 4000; i++) {
      board.accept(Records.letter("a", Reason.NOT_FINITE, "m", "{}"), NOW - 2000);
    }
    assertThat(state("Learning")).isEqualTo(Tile.State.BAD);
    assertThat(tile("Learning", NOW).number()).isEqualTo(100 * 30_000 / 34_400.0);
    assertThat(tile("Learning", NOW + 20 * MINUTE).state()).isEqualTo(Tile.State.GOOD);
  }

  @Test
  void qualityIsHeldAgainstBaselineAndTheHourBefore() {
    metrics("a", NOW - 66 * MINUTE, 30, 0.5, 0.8);
    assertThat(tile("Quality", NOW).lines()).anyMatch(l -> l.equals("an hour ago 0.500"));
    Metric worse = Records.metric("a", 40_000, 0.9, 0.7, 0.6);
    board.accept(worse, NOW - MINUTE);
    assertThat(tile("Quality", NOW).word()).isEqualTo("worse than an hour ago");
    board.accept(Records.metric("a", 41_000, 0.9, 0.5, 0.6), NOW);
    assertThat(tile("Quality", NOW).word()).isEqualTo("worse than baseline");
    assertThat(state("Quality")).isEqualTo(Tile.State.BAD);
  }

  @Test
  void outputIsLateByWhatIsUsual() {
    for (int v = 1; v <= 10; v++) {
      board.accept(Records.model("a", v, 0.1), NOW - (10 - v) * MINUTE);
    }
    assertThat(board.usualGap()).isEqualTo(MINUTE);
    assertThat(tile("Output", NOW + MINUTE).state()).isEqualTo(Tile.State.GOOD);
    // Nothing was learned since: there is nothing to publish.
    assertThat(tile("Output", NOW + 3 * MINUTE).word()).isEqualTo("as new as its events");
    board.accept(Records.metric("a", 20_000, 0.5, 0.8, 0.6), NOW + 2 * MINUTE);
    assertThat(tile("Output", NOW + 3 * MINUTE).state()).isEqualTo(Tile.State.WARN);
    // A burst does not make the usual shorter.
    for (int v = 11; v <= 60; v++) {
      board.accept(Records.model("a", v, 0.1), NOW + 3 * MINUTE + v);
    }
    assertThat(board.usualGap()).isEqualTo(MINUTE);
  }

  @Test
  void aRestartIsSaidWithItsReason() throws Exception {
    board.accept(Records.model("a", 1, 0.1), NOW);
    board.cluster(
        ClusterWatch.of(
            "RUNNING",
            Json.MAPPER.readTree(
                "{\"counts\": {\"completed\": 12, \"failed\": 1},"
                    + " \"latest\": {\"completed\": {\"latest_ack_timestamp\": 5}}}"),
            Json.MAPPER.readTree(
                "{\"exceptionHistory\": {\"entries\": [{\"timestamp\": "
                    + (NOW - MINUTE)
                    + ", \"exceptionName\": \"x\", \"stacktrace\":"
                    + " \"org.apache.flink.Outer: a\\n\\tat b\\n"
                    + "Caused by: java.io.IOException: No space left\\n\\tat c\"}]}}"),
            NOW));
    Tile output = tile("Output", NOW);
    assertThat(output.state()).isEqualTo(Tile.State.BAD);
    assertThat(output.todo()).isEqualTo("it restarted 60 s ago: IOException: No space left");
    assertThat(output.lines()).contains("1 restart in the last hour");
    assertThat(tile("Output", NOW + 11 * MINUTE).word()).isNotEqualTo("restarted");
  }

  @Test
  void driftsDecisionsOrdersAndChangedSettingsAreMarks() {
    metrics("a", NOW, 3, 0.5, 0.8);
    board.accept(Records.drift("a", 2500), NOW + 10);
    board.accept(Records.promoted("a", "quick"), NOW + 20);
    board.accept(Records.model("a", 1, 0.1), NOW + 30);
    board.accept(Records.model("a", 2, 0.05), NOW + 40);
    board.accept(Records.model("a", 3, 150_000), NOW + 45);
    ControlEcho echo = new ControlEcho();
    echo.setKey("a");
    echo.setJob("electricity");
    echo.setOrigin("ops");
    echo.setSequence(17);
    echo.setCommand(ControlCommand.SET);
    echo.setName("learning-rate");
    echo.setValue(0.05);
    echo.setOutcome(ControlOutcome.TAKEN);
    echo.setReason("");
    echo.setMessage("");
    echo.setArmCommand(ArmCommand.UNKNOWN);
    echo.setEventTime(Instant.ofEpochMilli(NOW));
    board.accept(echo, NOW + 50);
    synchronized (board) {
      List<String> kinds = board.find("a").marks().stream().map(Mark::kind).toList();
      assertThat(kinds).containsExactly("drift", "gate", "setting", "setting", "order");
      assertThat(board.find("a").marks().get(0).events()).isEqualTo(2500);
      assertThat(board.find("a").marks().get(2).text()).isEqualTo("learning-rate 0.1 -> 0.05");
      assertThat(board.find("a").marks().get(3).text()).isEqualTo("learning-rate 0.05 -> 150000");
      assertThat(board.find("a").drifts).isEqualTo(1);
      assertThat(Overview.of(board, new About("k", false), NOW).toString())
          .contains("order set learning-rate to 0.05 (ops)", "job=electricity", "family=learn");
    }
  }

  @Test
  void aNewRunBeginsAnewAndRecordsOfTheOldOneCountNoMore() {
    metrics("a", NOW, 3, 0.5, 0.8);
    Metric next = Records.metric("a", 1000, 0.7, 0.8, 0.6);
    next.setIncarnation(8);
    board.accept(next, NOW + 10_000);
    board.accept(Records.metric("a", 9000, 0.1, 0.8, 0.6), NOW + 11_000);
    synchronized (board) {
      assertThat(board.find("a").events).isEqualTo(1000);
      assertThat(board.find("a").marks()).extracting(Mark::kind).containsExactly("run");
    }
  }

  @Test
  void theTableIsSortedSearchedAndCut() {
    for (int i = 0; i < 500; i++) {
      board.accept(Records.metric("key-" + i, 1000 + i, 0.5, 0.6 + (i % 7) * 0.01, 0.6), NOW);
    }
    Metric none = Records.metric("plain", 5, 0.5, 0.6, 0.6);
    none.setValues(Map.of());
    board.accept(none, NOW);
    board.tick();
    League league = new League(board);
    synchronized (board) {
      Map<String, Object> top = league.slice(new League.View("events", true, ""), 0, 2);
      assertThat(top).containsEntry("total", 501).containsEntry("found", 501);
      assertThat(top.get("rows").toString()).contains("key-499", "key-498").doesNotContain("497");
      assertThat(keys(league.slice(new League.View("events", true, "KEY-49"), 9, 100)))
          .containsExactly("key-490", "key-49");
      // What is not known comes last, up or down.
      assertThat(keys(league.slice(new League.View("loss", true, ""), 500, 5)))
          .containsExactly("plain");
      assertThat(keys(league.slice(new League.View("loss", false, ""), 500, 5)))
          .containsExactly("plain");
      assertThat(keys(league.slice(new League.View("key", false, ""), 0, 100_000))).hasSize(200);
      assertThat(keys(league.slice(new League.View("worst", true, ""), 0, 1)))
          .containsExactly("key-0");
    }
    assertThatThrownBy(() -> new League.View("losss", true, ""))
        .hasMessageStartingWith("sort = losss; must be key or one of [worst, events, loss,");
  }

  @Test
  void whatIsPickedFromTheTopAndWhatIsSortedBelowAreOneOrder() {
    int n = 3000;
    for (int i = 0; i < n; i++) {
      double loss = (i * 7919 % n) / 10 * 0.01; // many are equal
      board.accept(Records.metric("key-" + i, 1000 + i, loss, 0.8, 0.6), NOW);
    }
    board.tick();
    League league = new League(board);
    synchronized (board) {
      for (boolean down : new boolean[] {true, false}) {
        List<Map<?, ?>> all = new ArrayList<>();
        for (int from = 0; from < n; from += League.MOST_ROWS) {
          Map<String, Object> slice =
              league.slice(new League.View("loss", down, ""), from, League.MOST_ROWS);
          assertThat(slice).containsEntry("found", n).containsEntry("from", from);
          ((List<?>) slice.get("rows")).forEach(r -> all.add((Map<?, ?>) r));
        }
        assertThat(all.stream().map(r -> r.get("key")).distinct()).hasSize(n);
        for (int i = 1; i < n; i++) {
          int c =
              Double.compare((double) all.get(i - 1).get("loss"), (double) all.get(i).get("loss"));
          assertThat(down ? -c : c).isLessThanOrEqualTo(0);
        }
      }
    }
  }

  private static List<String> keys(Map<String, Object> slice) {
    return ((List<?>) slice.get("rows"))
        .stream().map(r -> (String) ((Map<?, ?>) r).get("key")).toList();
  }

  @Test
  void aReaderIsSentThePointsThatItDoesNotHave() {
    metrics("a", NOW, 10, 0.5, 0.8);
    synchronized (board) {
      KeyState k = board.find("a");
      Map<String, Object> all = KeyView.points(k, -1, -1);
      assertThat(all).containsEntry("reset", true);
      assertThat((long[]) all.get("times")).hasSize(10);
      Map<String, Object> some = KeyView.points(k, k.series.generation(), 7);
      assertThat(some).containsEntry("reset", false);
      assertThat((long[]) some.get("events")).containsExactly(8000, 9000, 10_000);
      assertThat((long[]) KeyView.points(k, k.series.generation(), 10).get("times")).isEmpty();
      // Of another server, or from before points were thinned: all of them.
      assertThat(KeyView.points(k, k.series.generation(), 99)).containsEntry("reset", true);
      assertThat(KeyView.points(k, k.series.generation() + 1, 7)).containsEntry("reset", true);
    }
  }

  @Test
  void lettersAreCountedAndTheLastOfEachReasonAreKept() {
    for (int i = 0; i < 200; i++) {
      board.accept(Records.letter("a", Reason.NOT_FINITE, "message " + i, "{\"x\": 1}"), NOW + i);
    }
    board.accept(Records.letter(null, Reason.MALFORMED, "cut", "\u0000\u0001"), NOW);
    synchronized (board) {
      Letters letters = board.letters();
      assertThat(letters.count()).isEqualTo(201);
      assertThat(letters.reasons().get(0)).containsEntry("count", 200L).containsEntry("kept", 50);
      assertThat(letters.last(null, "a", 100)).hasSize(50);
      assertThat(letters.last(null, "a", 1).get(0))
          .containsEntry("message", "message 199")
          .containsEntry("event", "{\"x\": 1}")
          .containsEntry("address", "millrace.examples-3@10442");
      assertThat(letters.last("MALFORMED", null, 9).get(0)).containsEntry("event", "0001");
    }
  }

  @Test
  void numbersThatAreNotFiniteAreNull() {
    assertThat(Json.text(Map.of("a", Double.NaN))).isEqualTo("{\"a\":null}");
    assertThat(Json.text(new double[] {1, Double.POSITIVE_INFINITY})).isEqualTo("[1.0,null]");
  }
}
