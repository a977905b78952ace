package io.millrace.client;

import io.millrace.schemas.DecodeException;
import io.millrace.schemas.Deltas;
import io.millrace.schemas.ModelDelta;
import io.millrace.schemas.ModelPart;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.PartCodec;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.SnapshotCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * Puts the records of the models topic together: parts in any order, versions interleaved,
 * duplicates and losses allowed. Only complete models with the right checksum come out, never a
 * mixture of two versions, never a version that is not newer than the last one out: of two versions
 * of a key the newer is the one of the larger incarnation, and within an incarnation the larger
 * one. What it knows of a key is what a reader starting at the beginning would know.
 *
 * <p>A delta makes a version of the one before it, and of no other: without that one at hand it is
 * passed over, as are all that follow it, until a whole model comes.
 *
 * <p>Memory: the last model of every key that came out, and the bytes of unfinished snapshots as
 * they have arrived, within {@link AssemblyLimits}; lengths a record claims are never allocated
 * for. Not thread-safe.
 */
public final class SnapshotAssembler {
  private static final int PART_OVERHEAD = 64;

  private final AssemblyLimits limits;
  private final Map<String, Newest> newest = new HashMap<>();

  /** Unfinished snapshots, the one touched longest ago first. */
  private final LinkedHashMap<Id, Pending> pending = new LinkedHashMap<>(16, 0.75f, true);

  /** The same by key, in order of arrival. */
  private final Map<String, Set<Id>> byKey = new HashMap<>();

  private long pendingBytes;
  private long abandoned;

  /** Where a version stands among those of its key. */
  private record Place(long incarnation, long version) {
    boolean isAfter(Place o) {
      return incarnation != o.incarnation ? incarnation > o.incarnation : version > o.version;
    }

    boolean isJustBefore(Place o) {
      return incarnation == o.incarnation && version + 1 == o.version;
    }
  }

  /**
   * The last model that came out.
   *
   * @param partition it came from
   * @param slot of the parts of the last whole model
   * @param parts of the last whole model; 0: it was one record
   * @param snapshot what the next delta changes
   */
  private record Newest(int partition, Place place, int slot, int parts, ModelSnapshot snapshot) {}

  /** A version of a key and the manifest its parts agree on: what differs in it never mixes. */
  private record Id(
      int partition, String key, Place place, int slot, int parts, long totalBytes, long checksum) {
    static Id of(int partition, int slot, ModelPart p) {
      return new Id(
          partition,
          p.getKey(),
          new Place(p.getIncarnation(), p.getVersion()),
          slot,
          p.getParts(),
          p.getTotalBytes(),
          p.getChecksum());
    }

    long version() {
      return place.version;
    }
  }

  /** Parts of one version so far. */
  private static final class Pending {
    final Map<Integer, byte[]> data = new HashMap<>();
    long bytes;

    long held() {
      return bytes + (long) data.size() * PART_OVERHEAD;
    }
  }

  /** An assembler that knows of no model yet. */
  public SnapshotAssembler(AssemblyLimits limits) {
    this.limits = limits;
  }

  /** Bytes held for unfinished snapshots. */
  public long pendingBytes() {
    return pendingBytes;
  }

  /** Unfinished snapshots. */
  public int pendingSnapshots() {
    return pending.size();
  }

  /** Snapshots given up unfinished: overtaken by a newer one, or to stay within the limits. */
  public long abandoned() {
    return abandoned;
  }

  /**
   * Takes a record of the models topic.
   *
   * @param partition it came from: a tombstone counts against what stood in its own partition
   *     before it, since only there it is certain what came first
   * @param recordKey may be anything
   * @param value may be anything; null: a tombstone; not kept
   */
  public Assembly offer(int partition, byte[] recordKey, byte[] value) {
    if (recordKey == null) {
      return Assembly.fault(Assembly.Kind.CORRUPT, null, "record has no key; must be a model key");
    }
    String name = new String(recordKey, StandardCharsets.UTF_8);
    if (value == null) {
      return tombstone(partition, name);
    }
    try {
      SpecificRecordBase record = SingleObject.standard().decode(value);
      if (record instanceof ModelSnapshot snapshot) {
        return snapshot(partition, name, snapshot);
      }
      if (record instanceof ModelPart part) {
        return part(partition, name, part);
      }
      if (record instanceof ModelDelta delta) {
        return delta(partition, name, delta);
      }
      return corrupt(name, "is a " + record.getSchema().getName() + ", not a model");
    } catch (DecodeException e) {
      return corrupt(name, e.getMessage());
    }
  }

  private static Assembly corrupt(String name, String what) {
    return Assembly.fault(Assembly.Kind.CORRUPT, null, "record '" + name + "': " + what);
  }

  private Assembly snapshot(int partition, String name, ModelSnapshot snapshot) {
    if (!snapshot.getKey().equals(name) || PartCodec.parsePartKey(name) != null) {
      return corrupt(name, "holds the model of key '" + snapshot.getKey() + "'");
    }
    return complete(partition, snapshot, 0, 0);
  }

  private Assembly delta(int partition, String name, ModelDelta delta) throws DecodeException {
    String key = delta.getKey();
    PartCodec.PartKey at = PartCodec.parsePartKey(name);
    if (at == null || !at.modelKey().equals(key)) {
      return corrupt(
          name, "delta to version " + delta.getVersion() + " of key '" + key + "' has another key");
    }
    Place place = new Place(delta.getIncarnation(), delta.getVersion());
    if (!isNews(key, place)) {
      return stale(key, place);
    }
    Newest last = newest.get(key);
    if (last == null || !last.place.isJustBefore(place)) {
      return Assembly.of(Assembly.Kind.WITHOUT_BASE, key);
    }
    ModelSnapshot snapshot = Deltas.apply(last.snapshot, delta);
    long bytes = Deltas.bytes(snapshot.getTensors());
    if (bytes > limits.snapshotBytes()) {
      return overLimit(key, delta.getVersion(), bytes);
    }
    return complete(partition, snapshot, last.slot, last.parts);
  }

  private Assembly overLimit(String key, long version, long bytes) {
    return Assembly.fault(
        Assembly.Kind.OVER_LIMIT,
        key,
        "model '"
            + key
            + "' version "
            + version
            + " has "
            + bytes
            + " bytes, the limit is "
            + limits.snapshotBytes()
            + "; raise AssemblyLimits.snapshotBytes");
  }

  private Assembly part(int partition, String name, ModelPart part) {
    String key = part.getKey();
    long total = part.getTotalBytes();
    int size = part.getData().remaining();
    String where = "part " + part.getPart() + " of version " + part.getVersion() + " ";
    PartCodec.PartKey at = PartCodec.parsePartKey(name);
    if (at == null || !at.modelKey().equals(key) || at.part() != part.getPart()) {
      return corrupt(name, where + "of key '" + key + "' has another record key");
    }
    if (part.getParts() < 1
        || part.getParts() > PartCodec.MAX_PARTS
        || part.getPart() < 0
        || part.getPart() >= part.getParts()
        || size < 1
        || size > total
        || part.getParts() > total) {
      return corrupt(
          name, where + "has " + size + " of " + total + " bytes, of parts " + part.getParts());
    }
    if (total > limits.snapshotBytes()) {
      return overLimit(key, part.getVersion(), total);
    }
    Place place = new Place(part.getIncarnation(), part.getVersion());
    return isNews(key, place) ? keep(partition, name, at.slot(), part) : stale(key, place);
  }

  private boolean isNews(String key, Place place) {
    Newest last = newest.get(key);
    return last == null || place.isAfter(last.place);
  }

  private Assembly stale(String key, Place place) {
    return Assembly.of(
        place.incarnation < newest.get(key).place.incarnation
            ? Assembly.Kind.OF_EARLIER_RUN
            : Assembly.Kind.STALE,
        key);
  }

  private Assembly keep(int partition, String name, int slot, ModelPart part) {
    Id id = Id.of(partition, slot, part);
    Pending p = pending.get(id);
    if (p == null) {
      makeRoomForVersion(id.key());
      p = new Pending();
      pending.put(id, p);
      byKey.computeIfAbsent(id.key(), k -> new LinkedHashSet<>()).add(id);
    }
    pendingBytes -= p.held();
    byte[] data = bytes(part.getData());
    byte[] before = p.data.put(part.getPart(), data);
    p.bytes += data.length - (before == null ? 0 : before.length);
    pendingBytes += p.held();
    if (p.bytes > id.totalBytes()) {
      drop(id);
      return corrupt(name, "parts have " + p.bytes + " bytes, announced were " + id.totalBytes());
    }
    makeRoom(id);
    if (p.data.size() < id.parts()) {
      return Assembly.of(Assembly.Kind.PENDING, id.key());
    }
    return join(name, id, p);
  }

  /** All parts are there. A wrong checksum keeps them: a good copy of the bad one may follow. */
  private Assembly join(String name, Id id, Pending p) {
    if (p.bytes != id.totalBytes()) {
      return corrupt(name, "parts have " + p.bytes + " bytes, announced were " + id.totalBytes());
    }
    byte[] whole = new byte[(int) id.totalBytes()];
    int at = 0;
    for (int i = 0; i < id.parts(); i++) {
      byte[] data = p.data.get(i);
      System.arraycopy(data, 0, whole, at, data.length);
      at += data.length;
    }
    if (PartCodec.checksum(whole) != id.checksum()) {
      return corrupt(
          name,
          String.format(
              Locale.ROOT,
              "version %d has checksum %08x, announced was %08x",
              id.version(),
              PartCodec.checksum(whole),
              id.checksum()));
    }
    drop(id);
    ModelSnapshot snapshot;
    try {
      snapshot = SnapshotCodec.decode(whole);
    } catch (DecodeException e) {
      return corrupt(name, "version " + id.version() + ": " + e.getMessage());
    }
    if (!snapshot.getKey().equals(id.key())
        || snapshot.getVersion() != id.version()
        || snapshot.getIncarnation() != id.place.incarnation) {
      return corrupt(
          name,
          "version "
              + id.version()
              + " holds key '"
              + snapshot.getKey()
              + "' version "
              + snapshot.getVersion()
              + " of incarnation "
              + snapshot.getIncarnation());
    }
    return complete(id.partition(), snapshot, id.slot(), id.parts());
  }

  private Assembly complete(int partition, ModelSnapshot snapshot, int slot, int parts) {
    String key = snapshot.getKey();
    Place place = new Place(snapshot.getIncarnation(), snapshot.getVersion());
    if (!isNews(key, place)) {
      return stale(key, place);
    }
    newest.put(key, new Newest(partition, place, slot, parts, snapshot));
    forget(key, place);
    return new Assembly(Assembly.Kind.COMPLETE, key, snapshot, "");
  }

  /** Of a model: it is gone, whatever its version. Of a part: so is the model that needs it. */
  private Assembly tombstone(int partition, String name) {
    PartCodec.PartKey part = PartCodec.parsePartKey(name);
    String key = part == null ? name : part.modelKey();
    for (Id id : List.copyOf(byKey.getOrDefault(key, Set.of()))) {
      if (id.partition != partition) {
        continue;
      }
      if (part == null) {
        drop(id);
        abandoned++;
      } else if (id.slot == part.slot()) {
        Pending p = pending.get(id);
        pendingBytes -= p.held();
        byte[] gone = p.data.remove(part.part());
        p.bytes -= gone == null ? 0 : gone.length;
        pendingBytes += p.held();
      }
    }
    Newest last = newest.get(key);
    boolean gone =
        last != null
            && last.partition == partition
            && (part == null || part.part() < last.parts && last.slot == part.slot());
    if (gone) {
      newest.remove(key);
    }
    return Assembly.of(gone ? Assembly.Kind.REMOVED : Assembly.Kind.STALE, key);
  }

  /** Gives up unfinished versions of a key up to one. */
  private void forget(String key, Place upTo) {
    for (Id id : List.copyOf(byKey.getOrDefault(key, Set.of()))) {
      if (!id.place.isAfter(upTo)) {
        drop(id);
        abandoned++;
      }
    }
  }

  private void makeRoomForVersion(String key) {
    Set<Id> ids = byKey.getOrDefault(key, Set.of());
    if (ids.size() >= limits.pendingVersions()) {
      drop(ids.iterator().next());
      abandoned++;
    }
  }

  /** Gives up the snapshots touched longest ago, never the one in hand. */
  private void makeRoom(Id inHand) {
    while (pendingBytes > limits.pendingBytes() && pending.size() > 1) {
      Id eldest = pending.keySet().iterator().next();
      if (eldest.equals(inHand)) {
        throw new IllegalStateException("the snapshot in hand was touched last");
      }
      drop(eldest);
      abandoned++;
    }
  }

  private void drop(Id id) {
    Pending p = pending.remove(id);
    if (p != null) {
      pendingBytes -= p.held();
      Set<Id> ids = byKey.get(id.key());
      ids.remove(id);
      if (ids.isEmpty()) {
        byKey.remove(id.key());
      }
    }
  }

  private static byte[] bytes(ByteBuffer b) {
    byte[] out = new byte[b.remaining()];
    b.duplicate().get(out);
    return out;
  }
}
