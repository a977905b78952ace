package io.millrace.core.dictionary;

import io.millrace.core.ConfigException;
import io.millrace.core.dictionary.coder.CdLasso;
import java.util.List;

/** Every sparse coder there is, one line each; the first is the default. */
public final class Coders {
  public static final List<CoderSpec> ALL = List.of(CdLasso.SPEC);

  private Coders() {}

  /**
   * Looks a coder up.
   *
   * @throws ConfigException naming the known ones
   */
  public static CoderSpec coder(String id) {
    return ALL.stream()
        .filter(s -> s.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigException(
                    "no sparse coder '"
                        + id
                        + "'; known: "
                        + ALL.stream().map(CoderSpec::id).toList()));
  }
}
