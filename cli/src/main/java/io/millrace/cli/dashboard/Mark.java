package io.millrace.cli.dashboard;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Something that happened: a drift, a decision of a gate, an order, a new run.
 *
 * @param at in milliseconds, when its record was written
 * @param events of the key by then; -1: it is about no point of a key's course
 * @param kind drift, gate, order, setting, run or letters
 * @param key that it is about, or * for all
 * @param text one sentence
 */
record Mark(long at, long events, String kind, String key, String text) {
  Map<String, Object> json() {
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("at", at);
    o.put("events", events);
    o.put("kind", kind);
    o.put("key", key);
    o.put("text", text);
    return o;
  }
}
