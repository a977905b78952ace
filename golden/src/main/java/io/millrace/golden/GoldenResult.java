package io.millrace.golden;

import java.util.OptionalDouble;

/**
 * What became of one golden file.
 *
 * @param file as named by the caller
 * @param name of the file's content, its method or its name field
 * @param kind that replayed it, empty where none did
 * @param cases compared: steps, schedules or cases, as the kind has it
 * @param largestError in the measure that {@code tolerance} bounds; absent where nothing could be
 *     compared
 * @param tolerance of the file; absent where it could not be read
 * @param reason why it did not pass; empty where it did
 */
public record GoldenResult(
    String file,
    String name,
    String kind,
    long cases,
    OptionalDouble largestError,
    OptionalDouble tolerance,
    Status status,
    String reason) {
  /** How it ended; all but {@link #PASS} count as failures. */
  public enum Status {
    PASS,
    FAIL,
    /** A kind or method that this build does not have. */
    UNSUPPORTED
  }

  public boolean passed() {
    return status == Status.PASS;
  }
}
