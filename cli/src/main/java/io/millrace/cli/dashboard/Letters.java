package io.millrace.cli.dashboard;

import io.millrace.client.DeadLetterReader;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DecodeException;
import io.millrace.schemas.SingleObject;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Dead letters by reason: all are counted, the last of each reason are kept. Not thread-safe. */
final class Letters {
  /** Letters of one reason that are kept; older ones are only counted. */
  static final int MOST_OF_A_REASON = 50;

  /** Characters of an event, or of a message, that are kept. */
  private static final int MOST_TEXT = 2000;

  private static final int MOST_HEX = 128;

  /**
   * A letter as it is shown.
   *
   * @param at in milliseconds, when it was written
   * @param modelKey null: it could not be read
   * @param event as text, decoded where that is possible
   */
  record Letter(
      long at, String address, String reason, String message, String modelKey, String event) {
    Map<String, Object> json() {
      Map<String, Object> o = new LinkedHashMap<>();
      o.put("at", at);
      o.put("address", address);
      o.put("reason", reason);
      o.put("message", message);
      o.put("key", modelKey);
      o.put("event", event);
      return o;
    }
  }

  private static final class OfReason {
    final Deque<Letter> last = new ArrayDeque<>();
    long count;
    long newest;
  }

  private final Map<String, OfReason> reasons = new TreeMap<>();
  private long count;

  /** Takes a letter that was written at a time. */
  void add(long at, DeadLetter d) {
    String reason = d.getReason().name();
    OfReason all = reasons.computeIfAbsent(reason, r -> new OfReason());
    count++;
    all.count++;
    all.newest = Math.max(all.newest, at);
    if (all.last.size() == MOST_OF_A_REASON) {
      all.last.removeFirst();
    }
    all.last.addLast(
        new Letter(
            at,
            DeadLetterReader.address(d),
            reason,
            cut(d.getMessage()),
            d.getModelKey(),
            event(d.getValue())));
  }

  /** All letters that were ever read. */
  long count() {
    return count;
  }

  /** Reasons with their counts, the most frequent first. */
  List<Map<String, Object>> reasons() {
    List<Map<String, Object>> all = new ArrayList<>();
    reasons.entrySet().stream()
        .sorted((a, b) -> Long.compare(b.getValue().count, a.getValue().count))
        .forEach(
            e -> {
              Map<String, Object> o = new LinkedHashMap<>();
              o.put("reason", e.getKey());
              o.put("count", e.getValue().count);
              o.put("kept", e.getValue().last.size());
              o.put("newest", e.getValue().newest);
              all.add(o);
            });
    return all;
  }

  /**
   * The newest letters that are kept, the newest first.
   *
   * @param reason null: of any
   * @param key null: of any
   */
  List<Map<String, Object>> last(String reason, String key, int most) {
    List<Letter> all = new ArrayList<>();
    reasons.forEach(
        (name, of) -> {
          if (reason == null || reason.equals(name)) {
            for (Iterator<Letter> i = of.last.descendingIterator(); i.hasNext(); ) {
              Letter l = i.next();
              if (key == null || key.equals(l.modelKey)) {
                all.add(l);
              }
            }
          }
        });
    all.sort((a, b) -> Long.compare(b.at, a.at));
    return all.subList(0, Math.min(most, all.size())).stream().map(Letter::json).toList();
  }

  /** An event for people: its fields where it is one of ours, else its text, else its bytes. */
  private static String event(ByteBuffer value) {
    if (value == null || !value.hasRemaining()) {
      return "";
    }
    byte[] b = new byte[value.remaining()];
    value.duplicate().get(b);
    try {
      return cut(SingleObject.standard().decode(b).toString());
    } catch (DecodeException e) {
      return text(b); // what it is not stands in the letter's message
    }
  }

  private static String text(byte[] b) {
    try {
      String s = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(b)).toString();
      if (s.chars().allMatch(c -> c >= ' ' || c == '\n' || c == '\t' || c == '\r')) {
        return cut(s);
      }
    } catch (CharacterCodingException e) {
      return hex(b); // not a text, then
    }
    return hex(b);
  }

  private static String hex(byte[] b) {
    String hex = HexFormat.of().formatHex(b, 0, Math.min(MOST_HEX, b.length));
    return b.length > MOST_HEX ? hex + "... (" + b.length + " bytes)" : hex;
  }

  private static String cut(String s) {
    return s.length() <= MOST_TEXT
        ? s
        : s.substring(0, MOST_TEXT) + "... (" + s.length() + " characters)";
  }
}
