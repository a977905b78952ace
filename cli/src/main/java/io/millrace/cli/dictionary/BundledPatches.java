package io.millrace.cli.dictionary;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.golden.dictionary.Patches;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * The image patches that demo and benchmark learn from. The images are CC BY 2.0 by the authors
 * that {@link Patches#attribution} names.
 */
public final class BundledPatches {
  /** Where they are on the class path. */
  public static final String RESOURCE = "/data/patches8x8.json";

  private BundledPatches() {}

  /** Reads them. */
  public static Patches read() {
    try (InputStream in = BundledPatches.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is not on the class path");
      }
      return Patches.of(new ObjectMapper().readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
