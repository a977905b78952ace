package io.millrace.operators.learner;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.runtime.state.KeyedStateBackend;

/**
 * Keyed state, with a bundle in front of it: the states of the keys seen last, decoded. The bundle
 * is an execution cache and nothing else: it is written back when it is full, at barriers and
 * before anything that looks at the state of many keys, and whether it is there changes no bit.
 *
 * <p>No reference to a state outlives {@link #flush}: the heap backend may be writing that very
 * object into a snapshot from then on.
 */
final class KeyStore {
  private final ValueState<KeyState> state;
  private final KeyedStateBackend<String> backend;
  private final int bundle;
  private final Map<String, Slot> slots = new LinkedHashMap<>();

  /** A key's state in the bundle; null: it has none. */
  private static final class Slot {
    private KeyState state;
    private boolean stored;
  }

  KeyStore(ValueState<KeyState> state, KeyedStateBackend<String> backend, int bundle) {
    this.state = state;
    this.backend = backend;
    this.bundle = bundle;
  }

  /** State of the current key, null: it has none. */
  KeyState load(String key) throws IOException {
    if (bundle == 1) {
      return state.value();
    }
    Slot slot = slots.get(key);
    if (slot == null) {
      if (slots.size() >= bundle) {
        flush();
        backend.setCurrentKey(key);
      }
      slot = new Slot();
      slot.state = state.value();
      slot.stored = slot.state != null;
      slots.put(key, slot);
    }
    return slot.state;
  }

  /**
   * Keeps the state of the current key.
   *
   * @param before what {@link #load} gave
   * @param after null: the key has no state from now on
   */
  void store(String key, KeyState before, KeyState after) throws IOException {
    if (bundle == 1) {
      write(before != null, after);
    } else {
      slots.get(key).state = after;
    }
  }

  /** Writes everything back and forgets it. Leaves the current key undefined. */
  void flush() throws IOException {
    if (slots.isEmpty()) {
      return;
    }
    for (Map.Entry<String, Slot> e : slots.entrySet()) {
      backend.setCurrentKey(e.getKey());
      write(e.getValue().stored, e.getValue().state);
    }
    slots.clear();
  }

  private void write(boolean stored, KeyState after) throws IOException {
    if (after != null) {
      state.update(after);
    } else if (stored) {
      state.clear();
    }
  }
}
