package io.millrace.schemas;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * A snapshot as records of the models topic.
 *
 * <ul>
 *   <li>Small: one record, record key = model key, value = the encoded {@link ModelSnapshot}.
 *   <li>Large: {@link ModelPart} records with record keys {@code <key>/<slot>/<part>}. The two
 *       slots 0 and 1 alternate from one snapshot to the next, so under compaction the last
 *       complete one stays readable until the next one is whole. Without deltas a version's slot is
 *       the version mod 2.
 *   <li>A {@link ModelDelta}: one record with a part's record key, behind the parts of the snapshot
 *       that its chain began with. So it is never in the place of a snapshot, and the next chain's
 *       are never in its own.
 * </ul>
 *
 * A model key that itself ends like a part's record key ({@code .../0/17}) always travels in parts,
 * so no two models share a record key. All records belong on {@link Partitioner}'s partition of the
 * model key.
 */
public final class PartCodec {
  /** Bytes of a part that fit the broker's default record limit of 1 MiB with room to spare. */
  public static final int DEFAULT_PART_BYTES = 900 << 10;

  /** Fewest bytes that a part may be limited to. */
  public static final int MIN_PART_BYTES = 256;

  /** Most bytes that a part may be limited to. */
  public static final int MAX_PART_BYTES = 512 << 20;

  /** Most parts of a snapshot. */
  public static final int MAX_PARTS = 1 << 20;

  private static final Pattern PART_KEY = Pattern.compile("(?s)(.*)/([01])/(0|[1-9][0-9]{0,9})");

  private PartCodec() {}

  /**
   * A part's record key taken apart.
   *
   * @param slot 0 or 1
   */
  public record PartKey(String modelKey, int slot, int part) {}

  /**
   * The records of a snapshot of a job without deltas, parts in order.
   *
   * @param partBytes most bytes of an unsplit snapshot and of a part's data
   */
  public static List<ModelRecord> records(ModelSnapshot snapshot, int partBytes) {
    return records(
        snapshot.getKey(),
        snapshot.getIncarnation(),
        snapshot.getVersion(),
        (int) Math.floorMod(snapshot.getVersion(), 2L),
        SnapshotCodec.encode(snapshot),
        partBytes);
  }

  /**
   * The records of an encoded snapshot, parts in order.
   *
   * @param slot of the parts: the other one than that of the snapshot before
   * @param bytes by {@link SnapshotCodec#encode}
   */
  public static List<ModelRecord> records(
      String key, long incarnation, long version, int slot, byte[] bytes, int partBytes) {
    if (partBytes < MIN_PART_BYTES || partBytes > MAX_PART_BYTES) {
      throw new IllegalStateException(
          "part bytes = "
              + partBytes
              + "; must lie in ["
              + MIN_PART_BYTES
              + ", "
              + MAX_PART_BYTES
              + "]");
    }
    if (bytes.length <= partBytes && parsePartKey(key) == null) {
      return List.of(new ModelRecord(utf8(key), bytes));
    }
    int parts = (int) (((long) bytes.length + partBytes - 1) / partBytes);
    if (parts > MAX_PARTS) {
      throw new IllegalStateException(
          "snapshot of '" + key + "' has " + parts + " parts; at most " + MAX_PARTS);
    }
    long checksum = checksum(bytes);
    List<ModelRecord> out = new ArrayList<>(parts);
    for (int i = 0; i < parts; i++) {
      int from = i * partBytes;
      ByteBuffer data = ByteBuffer.wrap(bytes, from, Math.min(partBytes, bytes.length - from));
      ModelPart part =
          new ModelPart(key, incarnation, version, i, parts, (long) bytes.length, checksum, data);
      out.add(new ModelRecord(partKey(key, slot, i), SingleObject.encode(part)));
    }
    return out;
  }

  /**
   * Record key of a part.
   *
   * @param slot 0 or 1
   */
  public static byte[] partKey(String modelKey, int slot, int part) {
    return utf8(modelKey + "/" + slot + "/" + part);
  }

  /** Takes a record key apart; null if it is a model key and not a part's. */
  public static PartKey parsePartKey(String recordKey) {
    Matcher m = PART_KEY.matcher(recordKey);
    if (!m.matches()) {
      return null;
    }
    long part = Long.parseLong(m.group(3));
    return part < MAX_PARTS
        ? new PartKey(m.group(1), Integer.parseInt(m.group(2)), (int) part)
        : null;
  }

  /** CRC-32C as unsigned 32 bits. */
  public static long checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length);
    return crc.getValue();
  }

  private static byte[] utf8(String s) {
    return s.getBytes(StandardCharsets.UTF_8);
  }
}
