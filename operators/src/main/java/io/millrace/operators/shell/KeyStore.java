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
 * anything that looks at many keys, and whether it is there changes no bit. A key that owes
 * something stays in it until that is done, see {@link Backlog}.
 *
 * <p>No reference to a part of a key outlives {@link #flush}: the heap backend may be writing that
 * very object into a snapshot from then on.
 */
final class KeyStore {
  private final KeyedStateBackend<String> backend;
  private final int bundle;
  private final Supplier<Key> newKey;
  private final Runnable settling;
  private final Map<String, Key> keys = new LinkedHashMap<>();
  private final ArrayDeque<Key> spare = new ArrayDeque<>();
  private Key single;

  /**
   * A store.
   *
   * @param newKey makes keys over the backend
   * @param settling has everything done that keys owe
   */
  KeyStore(KeyedStateBackend<String> backend, int bundle, Supplier<Key> newKey, Runnable settling) {
    this.backend = backend;
    this.bundle = bundle;
    this.newKey = newKey;
    this.settling = settling;
    this.single = newKey.get();
  }

  /** The backend's current key, which owes nothing. */
  Key load(String name) {
    Key key = keys.isEmpty() ? null : keys.get(name);
    if (key != null && key.owes()) {
      settle();
      backend.setCurrentKey(name);
      key = keys.get(name);
    }
    if (key != null) {
      return key;
    }
    if (bundle == 1) {
      single.open(name);
      return single;
    }
    if (keys.size() >= bundle) {
      flush();
      backend.setCurrentKey(name);
    }
    key = fresh();
    key.open(name);
    keys.put(name, key);
    return key;
  }

  private Key fresh() {
    return spare.isEmpty() ? newKey.get() : spare.pop();
  }

  /** Keeps what was done to a key. */
  void done(Key key) {
    if (bundle > 1) {
      return;
    }
    if (key.owes()) {
      keys.put(key.name(), key);
      single = fresh();
    } else {
      key.close();
    }
  }

  /** Has everything done that keys owe. Leaves the current key undefined. */
  void settle() {
    settling.run();
    if (bundle == 1) {
      writeBack();
    }
  }

  /** Writes everything back and forgets it. Leaves the current key undefined. */
  void flush() {
    settling.run();
    writeBack();
  }

  private void writeBack() {
    for (Key key : keys.values()) {
      backend.setCurrentKey(key.name());
      key.close();
      spare.push(key);
    }
    keys.clear();
  }
}
