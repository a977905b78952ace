package io.millrace.client;

import io.millrace.core.ConfigException;

/**
 * What a {@link SnapshotAssembler} holds at most.
 *
 * @param snapshotBytes largest snapshot
 * @param pendingBytes parts of unfinished snapshots, over all keys; the ones touched longest ago go
 *     first
 * @param pendingVersions unfinished versions of one key
 */
public record AssemblyLimits(long snapshotBytes, long pendingBytes, int pendingVersions) {
  /** Snapshots of 256 MiB, 512 MiB for unfinished ones, 4 unfinished versions of a key. */
  public static final AssemblyLimits DEFAULT = new AssemblyLimits(256L << 20, 512L << 20, 4);

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
