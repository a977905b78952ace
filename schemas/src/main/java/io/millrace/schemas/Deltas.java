package io.millrace.schemas;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.zip.CRC32C;
import org.apache.avro.SchemaNormalization;

/**
 * The difference between the tensors of a version and of the next, and back: {@code tensors(before,
 * changes(before, after))} is {@code after}, byte for byte. Rows are compared and copied as bytes,
 * so nothing is rounded and -0 is not 0.
 */
public final class Deltas {
  private Deltas() {}

  /**
   * What has changed.
   *
   * @param before not modified
   * @param after of the same names in the same order, else there is no difference to speak of; its
   *     bytes may be kept
   * @return null: it has other tensors than before
   */
  public static List<TensorChange> changes(List<Tensor> before, List<Tensor> after) {
    if (before.size() != after.size()) {
      return null;
    }
    List<TensorChange> changes = new ArrayList<>();
    for (int i = 0; i < after.size(); i++) {
      Tensor from = before.get(i);
      Tensor to = after.get(i);
      if (!from.getName().equals(to.getName())) {
        return null;
      }
      if (from.equals(to)) {
        continue;
      }
      if (!sameForm(from, to)) {
        changes.add(new TensorChange(to, null));
      } else {
        changes.add(to.getRows() == null ? dense(from, to) : sparse(from, to));
      }
    }
    return changes;
  }

  /** Bytes of the numbers of tensors. */
  public static long bytes(List<Tensor> tensors) {
    long sum = 0;
    for (Tensor t : tensors) {
      sum += t.getData().remaining() + (t.getRows() == null ? 0 : t.getRows().remaining());
    }
    return sum;
  }

  /** Bytes of the numbers of changes. */
  public static long changedBytes(List<TensorChange> changes) {
    long sum = 0;
    for (TensorChange c : changes) {
      sum += bytes(List.of(c.getTensor())) + (c.getGone() == null ? 0 : c.getGone().remaining());
    }
    return sum;
  }

  /**
   * Tells configurations and provenances apart, so that a delta need not repeat what is as it was.
   *
   * @return not 0
   */
  public static long fingerprint(Map<String, String> config, Provenance provenance) {
    ModelDelta both =
        new ModelDelta(
            "",
            0L,
            0L,
            Instant.EPOCH,
            config,
            List.of(),
            0L,
            Map.of(),
            Map.of(),
            List.of(),
            provenance);
    long hash = SchemaNormalization.fingerprint64(SingleObject.encode(both));
    return hash == 0 ? 1 : hash;
  }

  /** {@link ModelDelta#getChecksum} of the tensors that come out. */
  public static long checksum(List<Tensor> tensors) {
    CRC32C crc = new CRC32C();
    for (Tensor t : tensors) {
      if (t.getRows() != null) {
        crc.update(t.getRows().duplicate());
      }
      crc.update(t.getData().duplicate());
    }
    return crc.getValue();
  }

  /**
   * The snapshot that a delta makes of the version before it.
   *
   * @param before not modified; shares with the new one what has not changed
   * @throws DecodeException MALFORMED if the delta is not one of that snapshot, or its checksum is
   *     not that of what comes out
   */
  public static ModelSnapshot apply(ModelSnapshot before, ModelDelta delta) throws DecodeException {
    if (!delta.getKey().equals(before.getKey())
        || delta.getIncarnation() != before.getIncarnation()
        || delta.getVersion() != before.getVersion() + 1) {
      throw malformed(
          "delta of '"
              + delta.getKey()
              + "' to version "
              + delta.getVersion()
              + " does not follow version "
              + before.getVersion()
              + " of '"
              + before.getKey()
              + "'");
    }
    List<Tensor> tensors = tensors(before.getTensors(), delta.getChanges());
    if (checksum(tensors) != delta.getChecksum()) {
      throw malformed(
          "delta to version "
              + delta.getVersion()
              + " gives tensors with checksum "
              + Long.toHexString(checksum(tensors))
              + ", announced was "
              + Long.toHexString(delta.getChecksum()));
    }
    return new ModelSnapshot(
        before.getKey(),
        before.getIncarnation(),
        delta.getVersion(),
        delta.getEventTime(),
        before.getJob(),
        delta.getConfig() == null ? before.getConfig() : delta.getConfig(),
        tensors,
        delta.getCounters(),
        delta.getMetrics(),
        delta.getInputs(),
        delta.getProvenance() == null ? before.getProvenance() : delta.getProvenance());
  }

  /**
   * The tensors that changes make.
   *
   * @param before not modified
   * @throws DecodeException MALFORMED if they are not changes of these tensors
   */
  static List<Tensor> tensors(List<Tensor> before, List<TensorChange> changes)
      throws DecodeException {
    Map<String, TensorChange> byName = new HashMap<>();
    for (TensorChange c : changes) {
      byName.put(c.getTensor().getName(), c);
    }
    List<Tensor> out = new ArrayList<>(before.size());
    for (Tensor t : before) {
      TensorChange c = byName.remove(t.getName());
      if (c == null) {
        out.add(t);
      } else if (c.getGone() == null) {
        out.add(c.getTensor());
      } else {
        out.add(patched(t, c));
      }
    }
    if (!byName.isEmpty()) {
      throw malformed("tensors " + new TreeMap<>(byName).keySet() + " were not there before");
    }
    return out;
  }

  private static boolean sameForm(Tensor a, Tensor b) {
    return a.getDtype() == b.getDtype()
        && a.getShape().equals(b.getShape())
        && !a.getShape().isEmpty()
        && (a.getRows() == null) == (b.getRows() == null)
        && rowBytes(a) > 0;
  }

  /** Bytes of the elements of one index of the first dimension; 0: there are none. */
  private static int rowBytes(Tensor t) {
    List<Integer> shape = t.getShape();
    if (shape.isEmpty() || shape.get(0) == 0) {
      return 0;
    }
    int held = t.getRows() == null ? shape.get(0) : t.getRows().remaining() / Integer.BYTES;
    long stride = Tensors.size(t) / shape.get(0) * Tensors.elementBytes(t.getDtype());
    return held * stride == t.getData().remaining() ? (int) stride : 0;
  }

  private static TensorChange dense(Tensor from, Tensor to) {
    Rows changed = new Rows(to, rowBytes(to));
    for (int row = 0; row < to.getShape().get(0); row++) {
      if (!changed.sameAs(from, row, row)) {
        changed.take(row, row);
      }
    }
    return changed.change(new IntRows());
  }

  private static TensorChange sparse(Tensor from, Tensor to) {
    Rows changed = new Rows(to, rowBytes(to));
    IntRows gone = new IntRows();
    int[] old = ints(from.getRows());
    int[] now = ints(to.getRows());
    int i = 0;
    for (int k = 0; k < now.length; k++) {
      while (i < old.length && old[i] < now[k]) {
        gone.accept(old[i++]);
      }
      boolean there = i < old.length && old[i] == now[k];
      if (!there || !changed.sameAs(from, i, k)) {
        changed.take(now[k], k);
      }
      i += there ? 1 : 0;
    }
    while (i < old.length) {
      gone.accept(old[i++]);
    }
    return changed.change(gone);
  }

  /** Puts rows into a tensor, and takes others out. */
  private static Tensor patched(Tensor t, TensorChange change) throws DecodeException {
    Tensor news = change.getTensor();
    int size = rowBytes(t);
    int[] rows = Tensors.rows(news);
    int[] gone = Tensors.rows(t.getName(), t.getShape(), change.getGone());
    if (rows == null
        || size == 0
        || news.getDtype() != t.getDtype()
        || !news.getShape().equals(t.getShape())
        || (long) rows.length * size != news.getData().remaining()) {
      throw malformed(
          "tensor '"
              + t.getName()
              + "' of shape "
              + t.getShape()
              + " was not changed by rows of shape "
              + news.getShape());
    }
    if (t.getRows() == null) {
      if (gone.length > 0) {
        throw malformed("tensor '" + t.getName() + "' holds all rows, and none of them goes");
      }
      ByteBuffer data = ByteBuffer.allocate(t.getData().remaining()).put(t.getData().duplicate());
      for (int k = 0; k < rows.length; k++) {
        data.put(rows[k] * size, news.getData(), news.getData().position() + k * size, size);
      }
      return new Tensor(t.getName(), t.getDtype(), t.getShape(), data.flip(), null);
    }
    return merged(t, Tensors.rows(t), news, rows, gone, size);
  }

  private static Tensor merged(Tensor t, int[] old, Tensor news, int[] rows, int[] gone, int size) {
    ByteBuffer data = ByteBuffer.allocate((old.length + rows.length) * size);
    IntRows held = new IntRows();
    int i = 0;
    int k = 0;
    int g = 0;
    while (i < old.length || k < rows.length) {
      boolean fresh = i == old.length || k < rows.length && rows[k] <= old[i];
      int row = fresh ? rows[k] : old[i];
      ByteBuffer from = fresh ? news.getData() : t.getData();
      int at = from.position() + (fresh ? k : i) * size;
      while (g < gone.length && gone[g] < row) {
        g++;
      }
      if (fresh || g == gone.length || gone[g] != row) {
        data.put(from.slice(at, size));
        held.accept(row);
      }
      i += i < old.length && old[i] == row ? 1 : 0;
      k += fresh ? 1 : 0;
    }
    return new Tensor(t.getName(), t.getDtype(), t.getShape(), filled(data), held.bytes());
  }

  /** What has been put into a buffer, in an array of just that length. */
  private static ByteBuffer filled(ByteBuffer buffer) {
    return ByteBuffer.wrap(Arrays.copyOf(buffer.array(), buffer.position()));
  }

  private static int[] ints(ByteBuffer bytes) {
    int[] out = new int[bytes.remaining() / Integer.BYTES];
    bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(out);
    return out;
  }

  private static DecodeException malformed(String message) {
    return new DecodeException(Reason.MALFORMED, message);
  }

  /** Row numbers, in the order in which they come. */
  private static final class IntRows implements IntConsumer {
    private ByteBuffer rows = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);

    @Override
    public void accept(int row) {
      if (!rows.hasRemaining()) {
        rows =
            ByteBuffer.allocate(2 * rows.capacity())
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(rows.flip());
      }
      rows.putInt(row);
    }

    ByteBuffer bytes() {
      return filled(rows);
    }
  }

  /** Rows of a tensor that a change gives. */
  private static final class Rows {
    private final Tensor of;
    private final ByteBuffer all;
    private final int size;
    private final IntRows rows = new IntRows();
    private final ByteBuffer data;

    Rows(Tensor of, int size) {
      this.of = of;
      this.all = of.getData();
      this.size = size;
      this.data = ByteBuffer.allocate(all.remaining());
    }

    private ByteBuffer row(ByteBuffer from, int place) {
      return from.slice(from.position() + place * size, size);
    }

    /** Whether the row at a place equals that of another tensor at its place there. */
    boolean sameAs(Tensor other, int theirs, int place) {
      return row(all, place).equals(row(other.getData(), theirs));
    }

    void take(int row, int place) {
      rows.accept(row);
      data.put(row(all, place));
    }

    TensorChange change(IntRows gone) {
      Tensor t = new Tensor(of.getName(), of.getDtype(), of.getShape(), filled(data), rows.bytes());
      return new TensorChange(t, gone.bytes());
    }
  }
}
