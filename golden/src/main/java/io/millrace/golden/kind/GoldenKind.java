package io.millrace.golden.kind;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Replays golden files of one kind through the production classes; listed in {@link
 * io.millrace.golden.Golden}.
 */
public interface GoldenKind {
  /** Name for reports. */
  String id();

  /** Whether a file is of this kind. */
  boolean handles(JsonNode file);

  /** How far values may be apart. */
  default Tolerance tolerance(JsonNode file) {
    return Tolerance.of(file);
  }

  /**
   * Replays a file and reports every comparison to {@code tally}.
   *
   * @throws UnsupportedGolden where the file asks for something this build does not have
   * @throws MalformedGolden where the file lacks something or is not as described
   */
  void replay(JsonNode file, Tally tally);
}
