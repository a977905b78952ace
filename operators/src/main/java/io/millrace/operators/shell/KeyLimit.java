package io.millrace.operators.shell;

import io.millrace.operators.handler.BlockSpec;
import java.util.List;

/**
 * How many keys a subtask may hold. Without a limit a producer with ever new keys, or a model of
 * many megabytes for each of a few hundred, fills the heap, and the job starts again and again;
 * with one, an event of a further key is a dead letter.
 */
public final class KeyLimit {
  /** As many as fit. */
  public static final long AUTO = 0;

  /** As many as come. */
  public static final long NONE = -1;

  private KeyLimit() {}

  /**
   * The limit of a subtask.
   *
   * @param configured {@link #AUTO}, {@link #NONE}, or a number, at least 1
   * @param blocks what each key keeps beside what every key does
   * @param live whether all keys are on the heap
   * @param heapBytes largest heap of the process
   * @param subtasks of the stage that may share it
   * @return at most that many keys; Long.MAX_VALUE: any number
   * @throws StageFailure if so much can never fit
   */
  static long of(
      long configured, List<BlockSpec> blocks, boolean live, long heapBytes, int subtasks) {
    long bytes = blocks.stream().mapToLong(b -> b.schema().totalBytes()).sum();
    long share = heapBytes / subtasks;
    // The heap backend copies what is touched while a checkpoint is written; elsewhere a key is on
    // the heap while it is used, once as it is and once as it is written.
    long room = share / 2;
    if (bytes > room) {
      throw new StageFailure(
          "a key takes "
              + bytes
              + " bytes, half of the heap is "
              + room
              + " for each of "
              + subtasks
              + " subtasks; make the model smaller (features.hash-bits, features.dimension), take an"
              + " optimizer that keeps less, or give the task managers more heap");
    }
    if (configured == NONE || configured == AUTO && (!live || bytes == 0)) {
      return Long.MAX_VALUE;
    }
    if (configured == AUTO) {
      return room / bytes;
    }
    if (live && bytes > 0 && configured > share / bytes) {
      throw new StageFailure(
          "limits.keys = "
              + configured
              + ", each of "
              + bytes
              + " bytes; the heap has "
              + share
              + " for each of "
              + subtasks
              + " subtasks; lower it to "
              + room / bytes
              + ", make the model smaller, or give the task managers more heap");
    }
    return configured;
  }
}
