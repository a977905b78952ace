package io.millrace.cli.dashboard;

import io.millrace.client.AssemblyLimits;
import io.millrace.client.Model;
import io.millrace.client.ModelStore;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.Tensor;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The newest whole models, as many as fit into a bound; one that does not is read from its topic
 * when somebody asks for it. Thread-safe.
 */
final class ModelShelf {
  private static final long MOST_BYTES = 128L << 20;

  /** What a snapshot takes beside its numbers: maps, names, provenance. */
  private static final long OVERHEAD = 8 << 10;

  private static final Duration READING = Duration.ofSeconds(30);

  private final Function<String, ModelStore> reader;
  private final Map<String, ModelSnapshot> kept = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /**
   * An empty shelf.
   *
   * @param reader opens a store that reads the models of one key; null: there is no topic
   */
  ModelShelf(Function<String, ModelStore> reader) {
    this.reader = reader;
  }

  private static long size(ModelSnapshot s) {
    long size = OVERHEAD;
    for (Tensor t : s.getTensors()) {
      size += t.getData().remaining() + (t.getRows() == null ? 0 : t.getRows().remaining());
    }
    return size;
  }

  synchronized void put(ModelSnapshot s) {
    remove(s.getKey());
    bytes += size(s);
    kept.put(s.getKey(), s);
    for (Iterator<ModelSnapshot> i = kept.values().iterator();
        bytes > MOST_BYTES && i.hasNext(); ) {
      bytes -= size(i.next());
      i.remove();
    }
  }

  synchronized void remove(String key) {
    ModelSnapshot old = kept.remove(key);
    if (old != null) {
      bytes -= size(old);
    }
  }

  private synchronized ModelSnapshot find(String key) {
    return kept.get(key);
  }

  /** The newest model of a key; empty: there is none, or it could not be read in time. */
  Optional<Model> get(String key) throws InterruptedException {
    ModelSnapshot s = find(key);
    if (s != null) {
      return Optional.of(Model.of(s, AssemblyLimits.DEFAULT));
    }
    if (reader == null) {
      return Optional.empty();
    }
    try (ModelStore store = reader.apply(key)) {
      return store.awaitCaughtUp(READING) ? store.get(key) : Optional.empty();
    }
  }
}
