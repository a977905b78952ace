package io.millrace.cli.dashboard;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The first screen as JSON: what is observed, the four tiles, the last happenings. */
final class Overview {
  private static final int HAPPENINGS = 10;

  private Overview() {}

  /**
   * The screen at a time.
   *
   * @param board whose lock the caller holds
   * @param about what is looked at
   * @param now in milliseconds
   */
  static Map<String, Object> of(Board board, About about, long now) {
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("revision", board.revision());
    o.put("now", now);
    o.put("head", board.head(about));
    o.put("tiles", Tiles.of(board, now).stream().map(Tile::json).toList());
    o.put("happenings", last(board));
    return o;
  }

  /**
   * The newest first; topics are read side by side, so records of a rebuild are out of order. Those
   * of a kind and key that follow on one another are one line.
   */
  private static List<Map<String, Object>> last(Board board) {
    List<Mark> all = new ArrayList<>(board.happenings());
    all.sort((a, b) -> Long.compare(b.at(), a.at()));
    List<Map<String, Object>> shown = new ArrayList<>();
    for (int i = 0; i < all.size() && shown.size() < HAPPENINGS; ) {
      Mark m = all.get(i);
      int next = i + 1;
      while (next < all.size()
          && all.get(next).kind().equals(m.kind())
          && all.get(next).key().equals(m.key())) {
        next++;
      }
      Map<String, Object> line = m.json();
      line.put("more", next - i - 1);
      shown.add(line);
      i = next;
    }
    return shown;
  }
}
