package io.millrace.cli.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.Reason;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser, over a board that the test fills. */
class DashboardPageTest {
  private static final int KEYS = 10_000;

  /** Where pictures of the page are put, if somebody wants them. */
  private static final String PICTURES = System.getProperty("millrace.dashboard.pictures");

  @TempDir Path dir;

  private final ModelShelf shelf = new ModelShelf(null);
  private final Board[] board = new Board[1];

  @BeforeAll
  static void needsChromium() {
    Chromium.needed();
  }

  private Dashboard dashboard() {
    return Dashboard.start(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        "localhost:9092",
        shelf,
        null,
        b -> {
          board[0] = b;
          return () -> {};
        });
  }

  private void picture(Chromium page, String name) throws Exception {
    if (PICTURES != null) {
      Files.write(Path.of(PICTURES).resolve(name + ".png"), page.picture());
    }
  }

  private static String row(String key) {
    return "[...document.querySelectorAll('.row:not([hidden])')].find((r) =>"
        + " r.querySelector('a').textContent === '"
        + key
        + "')";
  }

  @Test
  void aPersonSeesWhetherItIsHealthyWhichKeyIsWorstAndWhy() throws Exception {
    long now = System.currentTimeMillis();
    try (Dashboard dashboard = dashboard();
        Chromium page = Chromium.start(dir)) {
      Board b = board[0];
      page.look(1280, 800, false);

      // Nothing has come: the page says so, and what to do.
      page.open(dashboard.url());
      page.await("document.body.innerText.includes('write events: ./millrace produce')");
      page.await("document.body.innerText.includes('No key has said anything yet')");
      fill(b, now);
      page.await("document.querySelectorAll('.tile.good').length === 4");
      page.await("document.querySelector('.tile .word').textContent === '✓ coming in'");
      page.await("document.querySelector('.league').ariaRowCount === '" + (KEYS + 1) + "'");

      // Worst first, and only rows in sight are drawn.
      assertThat(page.value("document.querySelector('.row a').textContent").asText())
          .isEqualTo("market-00013");
      assertThat(page.value("document.querySelectorAll('.row').length").asInt()).isLessThan(80);
      picture(page, "overview-light");

      // To the last of ten thousand by the keyboard, and back.
      page.value("document.querySelector('.scroll').focus()");
      page.press("End");
      page.await(
          "[...document.querySelectorAll('.row.here')].some((r) => r.ariaRowIndex === '10001')");

      // Sorted and searched by the server; the address holds both.
      page.value("document.querySelector('.c-events button').click()");
      page.await("document.querySelector('.c-events').ariaSort === 'descending'");
      page.value(
          "(() => { const s = document.querySelector('input[type=search]'); s.value = '00013';"
              + " s.dispatchEvent(new Event('input')); })()");
      page.await(row("market-00013") + " && document.body.innerText.includes('1 of 10,000 keys')");
      assertThat(page.value("location.hash").asText())
          .isEqualTo("#/?sort=events&down=1&search=00013");

      // A live update.
      b.accept(Records.metric("market-00013", 222_222, 0.9, 0.40, 0.6), now);
      page.await(row("market-00013") + ".innerText.includes('222,222')");

      // Its page, opened from the keyboard.
      page.value("document.querySelector('.scroll').focus()");
      page.press("ArrowDown");
      page.press("Enter");
      page.await("location.hash === '#/key?k=market-00013'");
      page.await("document.querySelectorAll('.uplot canvas').length >= 3");
      page.await("document.querySelector('.marks button[aria-label*=\"drift (adwin\"]') !== null");
      page.value("document.querySelector('.marks button').focus()"); // the drift stands alone
      page.await(
          "document.querySelector('.said').textContent.includes('learning rate was raised')");
      page.await("document.body.innerText.includes('candidate quick promoted after 4,000 events')");
      page.await("document.body.innerText.includes('learning-rate 0.1 -> 0.05')");
      page.await("document.querySelector('canvas[role=img]').ariaLabel.includes('10 bins')");
      page.await("document.querySelector('pre').textContent === '<b>SIDEWAYS</b>'"); // no markup
      picture(page, "key-light");
      String drawn = "document.querySelector('main').innerText.match(/(\\d+) of (\\d+) points/)[2]";
      int before = page.value(drawn).asInt();
      b.accept(Records.metric("market-00013", 223_222, 0.8, 0.45, 0.6), now);
      page.await(drawn + " === '" + (before + 1) + "'");

      // Dead letters.
      page.value("document.getElementById('nav-letters').click()");
      page.await("document.body.innerText.includes('UNKNOWN_CLASS 1')");
      page.value(
          "[...document.querySelectorAll('.bar button')].find((x) =>"
              + " x.textContent.startsWith('NOT_FINITE')).click()");
      page.await(
          "document.querySelectorAll('article').length === 1 &&"
              + " document.querySelector('article').innerText.includes('features[2] is Infinity')");
      picture(page, "letters-light");

      families(page, b, now);
      narrowAndDark(page, dashboard.url());
      assertThat(page.complaints()).isEmpty();
    }
  }

  /** What models of other families have to show. */
  private void families(Chromium page, Board b, long now) throws Exception {
    for (var model :
        List.of(Records.tuner("sor"), Records.posterior("risk"), Records.dictionary("patches"))) {
      shelf.put(model);
      b.accept(model, now);
    }
    for (int i = 0; i < 5; i++) {
      b.accept(Records.status("risk", now, 1.1 - 0.02 * i), now + i);
    }
    page.value("location.hash = '#/key?k=sor'");
    page.await("document.body.innerText.includes('0.26 ± 0.02')");
    page.await(
        "[...document.querySelectorAll('h3')].some((x) => x.textContent.startsWith('Prob'))");
    picture(page, "tune-light");
    page.value("location.hash = '#/key?k=risk'");
    page.await("document.body.innerText.includes('Not to be relied on: R-hat is 1.020')");
    page.await("document.body.innerText.includes('missing silo-c since 14:02')");
    page.await(
        "[...document.querySelectorAll('canvas[role=img]')].some((c) =>"
            + " c.ariaLabel === '500 of 500 draws: coordinate 0 across, 1 up')");
    page.value(
        "(() => { const s = document.querySelector('select[aria-label=\"Coordinate x\"]');"
            + " s.value = '1'; s.dispatchEvent(new Event('change')); })()");
    page.await(
        "[...document.querySelectorAll('canvas[role=img]')].some((c) =>"
            + " c.ariaLabel === '500 of 500 draws: coordinate 1 across, 1 up')");
    picture(page, "sample-light");
    page.value("location.hash = '#/key?k=patches'");
    page.await("document.querySelector('.atoms').naturalWidth === 3 * (3 * 5 + 2) + 2");
    page.await("document.body.innerText.includes('1 of 4 are not used at all')");
    picture(page, "dictionary-light");
  }

  private void narrowAndDark(Chromium page, String url) throws Exception {
    for (String at : new String[] {"", "#/key?k=market-00013", "#/letters"}) {
      page.look(360, 740, true);
      page.value("location.href = '" + url + at + "'");
      page.await("document.querySelector('main').children.length > 1");
      page.await(
          at.isEmpty()
              ? "document.querySelector('.row a') !== null"
              : at.contains("key")
                  ? "document.querySelector('.uplot') !== null"
                  : "document.querySelector('article') !== null");
      page.await("document.documentElement.scrollWidth <= 360");
      assertThat(page.value("getComputedStyle(document.documentElement).backgroundColor").asText())
          .isEqualTo("rgb(20, 23, 26)");
      picture(page, "narrow-dark" + (at.isEmpty() ? "" : at.contains("key") ? "-key" : "-letters"));
      page.look(1280, 800, true);
      picture(page, "dark" + (at.isEmpty() ? "" : at.contains("key") ? "-key" : "-letters"));
    }
  }

  private static void fill(Board b, long now) {
    for (int i = 0; i < KEYS; i++) {
      String key = String.format(java.util.Locale.ROOT, "market-%05d", i);
      boolean worst = i == 13;
      int points = worst ? 200 : 2;
      for (int n = 1; n <= points; n++) {
        double wave = 0.02 * StrictMath.sin(0.2 * n) + (i % 97) * 1e-3;
        double fall = worst ? 0.5 + 0.002 * n : 0.6 / StrictMath.sqrt(n);
        b.accept(
            Records.metric(key, 1000L * n, fall + wave, worst ? 0.55 - wave : 0.8 + wave, 0.6),
            now - (points - n) * 2000L);
      }
      if (i % 10 == 0) {
        b.accept(Records.model(key, 1, 0.1), now - 1500);
      }
    }
    b.accept(Records.model("market-00013", 1, 0.1), now - 9000);
    b.accept(Records.drift("market-00013", 90_000), now - 8000);
    b.accept(Records.promoted("market-00013", "quick"), now - 5000);
    b.accept(Records.model("market-00013", 2, 0.05), now - 1000);
    b.accept(
        Records.letter(
            "market-00013",
            Reason.UNKNOWN_CLASS,
            "millrace.examples-3@10442: label is 'SIDEWAYS', the classes are [DOWN, UP]",
            "<b>SIDEWAYS</b>"),
        now);
    b.accept(
        Records.letter(
            null,
            Reason.NOT_FINITE,
            "millrace.examples-3@10443: features[2] is Infinity; must be finite",
            "{\"price\": 1}"),
        now);
  }
}
