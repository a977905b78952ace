package io.millrace.operators.shell;

import io.millrace.operators.handler.Key;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.flink.runtime.state.KeyedStateBackend;

/**
 * Keys, with a bundle in front of the backend: the keys seen last, decoded. The bundle is an
 * execution cache and nothing else: it is written back when it is full, at barriers and before
 * anything that looks at many keys, and whether it is there changes no bit.
 *
 * <p>No reference to a part of a key outlives {@link #flush}: the heap backend may be writing that
 * very object into a snapshot from then on.
 */
final class KeyStore {
  private final KeyedStateBackend<String> backend;
  private final int bundle;
  private final Supplier<Key> newKey;
  private final Key single;
  private final Map<String, Key> keys = new LinkedHashMap<>();
  private final ArrayDeque<Key> spare = new ArrayDeque<>();

  /**
   * A store.
   *
   * @param newKey makes keys over the backend
   */
  KeyStore(KeyedStateBackend<String> backend, int bundle, Supplier<Key> newKey) {
    this.backend = backend;
    this.bundle = bundle;
    this.newKey = newKey;
    this.single = newKey.get();
  }

  /** The backend's current key. */
  Key load(String name) {
    if (bundle == 1) {
      single.open(name);
      return single;
    }
    Key key = keys.get(name);
    if (key == null) {
      if (keys.size() >= bundle) {
        flush();
        backend.setCurrentKey(name);
      }
      key = spare.isEmpty() ? newKey.get() : spare.pop();
      key.open(name);
      keys.put(name, key);
    }
    return key;
  }

  /** Keeps what was done to a key. */
  void done(Key key) {
    if (bundle == 1) {
      key.close();
    }
  }

  /** Writes everything back and forgets it. Leaves the current key undefined. */
  void flush() {
    for (Key key : keys.values()) {
      backend.setCurrentKey(key.name());
      key.close();
      spare.push(key);
    }
    keys.clear();
  }
}
