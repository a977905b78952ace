package io.millrace.operators.shell;

import io.millrace.operators.handler.BlockSpec;
import java.util.List;

/**
 * How many keys a subtask may hold. Without a limit a producer with ever new keys, or a model of
 * many megabytes for each of a few hundred, fills the heap, and the job starts again and again;
 * with one, an event of a further key is a dead letter.
 *
 * <p>What grows counts with the most that it may come to: what has been let in cannot be turned out
 * again. Whoever knows that their keys stay smaller gives a number. Keys that hold the features
 * they have seen would hardly ever come to their most; they count with the usual number of them.
 *
 * @param keys at most so many; Long.MAX_VALUE: any number
 * @param leastBytes of what each key keeps beside what every key does
 * @param mostBytes that it may come to
 * @param overcommitted whether so many keys would not fit once each has grown as far as it may
 */
public record KeyLimit(long keys, long leastBytes, long mostBytes, boolean overcommitted) {
  /** As many as fit. */
  public static final long AUTO = 0;

  /** As many as come. */
  public static final long NONE = -1;

  /**
   * The limit of a subtask.
   *
   * @param configured {@link #AUTO}, {@link #NONE}, or a number, at least 1
   * @param blocks what each key keeps beside what every key does
   * @param live whether all keys are on the heap
   * @param heapBytes largest heap of the process
   * @param subtasks of the stage that may share it
   * @throws StageFailure if so much can never fit
   */
  static KeyLimit of(
      long configured, List<BlockSpec> blocks, boolean live, long heapBytes, int subtasks) {
    long least = blocks.stream().mapToLong(b -> b.schema().totalBytes()).sum();
    long most = blocks.stream().mapToLong(BlockSpec::mostBytes).sum();
    long share = heapBytes / subtasks;
    // The heap backend copies what is touched while a checkpoint is written; elsewhere a key is on
    // the heap while it is used, once as it is and once as it is written.
    long room = share / 2;
    if (most > room) {
      throw new StageFailure(
          "a key takes "
              + (most > least ? "up to " : "")
              + most
              + " bytes, half of the heap is "
              + room
              + " for each of "
              + subtasks
              + " subtasks; make the model smaller (features.hash-bits, features.dimension; of trees"
              + " model.max-bytes, model.trees; of clients data.rows), take an optimizer that keeps less, or give the task"
              + " managers more heap");
    }
    if (configured == NONE || configured == AUTO && (!live || most == 0)) {
      return new KeyLimit(Long.MAX_VALUE, least, most, false);
    }
    if (configured == AUTO) {
      return new KeyLimit(room / most, least, most, false);
    }
    if (live && least > 0 && configured > share / least) {
      throw new StageFailure(
          "limits.keys = "
              + configured
              + ", each of "
              + (most > least ? "at least " : "")
              + least
              + " bytes; the heap has "
              + share
              + " for each of "
              + subtasks
              + " subtasks; lower it to "
              + room / most
              + ", make the model smaller, or give the task managers more heap");
    }
    return new KeyLimit(configured, least, most, live && most > least && configured > share / most);
  }

  /** What a key takes and how many there may be, for people. */
  @Override
  public String toString() {
    return "a key takes "
        + leastBytes
        + " bytes beside what every key does"
        + (mostBytes > leastBytes ? ", and what grows, " + mostBytes + " at most" : "")
        + "; this subtask holds "
        + (keys == Long.MAX_VALUE ? "any number of keys" : "at most " + keys + " keys")
        + (overcommitted ? ", more than fit into its heap once all have grown" : "");
  }
}
