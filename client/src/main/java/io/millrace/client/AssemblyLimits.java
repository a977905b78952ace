package io.millrace.client;

import io.millrace.core.ConfigException;

/**
 * What a {@link SnapshotAssembler} holds at most, and what a {@link Model} may take.
 *
 * @param snapshotBytes largest snapshot; using a model takes up to {@link #modelBytes} beside it
 * @param pendingBytes parts of unfinished snapshots, over all keys; the ones touched longest ago go
 *     first
 * @param pendingVersions unfinished versions of one key
 */
public record AssemblyLimits(long snapshotBytes, long pendingBytes, int pendingVersions) {
  /** Snapshots of 256 MiB, 512 MiB for unfinished ones, 4 unfinished versions of a key. */
  public static final AssemblyLimits DEFAULT = new AssemblyLimits(256L << 20, 512L << 20, 4);

  /**
   * Bytes that a model's numbers may take as they are used, twice those of the largest snapshot:
   * one computes in doubles, and most snapshots are of floats. A configuration that asks for more
   * is refused before anything is allocated, whatever the snapshot's own size is.
   */
  public long modelBytes() {
    return 2 * snapshotBytes;
  }

  public AssemblyLimits {
    if (snapshotBytes < 1 || snapshotBytes > Integer.MAX_VALUE - 8) {
      throw new ConfigException(
          "snapshot bytes = "
              + snapshotBytes
              + "; must lie in [1, "
              + (Integer.MAX_VALUE - 8)
              + "]");
    }
    if (pendingBytes < snapshotBytes) {
      throw new ConfigException(
          "pending bytes = "
              + pendingBytes
              + "; must be at least snapshot bytes = "
              + snapshotBytes);
    }
    if (pendingVersions < 1) {
      throw new ConfigException("pending versions = " + pendingVersions + "; must be at least 1");
    }
  }
}
