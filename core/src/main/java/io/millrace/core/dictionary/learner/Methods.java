package io.millrace.core.dictionary.learner;

import io.millrace.core.ConfigException;
import io.millrace.core.dictionary.MethodSpec;
import io.millrace.core.dictionary.cp.CpDictionary;
import io.millrace.core.dictionary.cp.WassersteinCpDictionary;
import io.millrace.core.dictionary.nmf.KlFactorization;
import io.millrace.core.dictionary.online.OnlineDictionary;
import io.millrace.core.dictionary.orthogonal.OrthogonalDictionary;
import io.millrace.core.dictionary.unfolded.UnfoldedDictionary;
import io.millrace.core.spec.Spec;
import java.util.List;

/** Every method of dictionary learning there is, one line each; the first is the default. */
public final class Methods {
  public static final List<MethodSpec> ALL =
      List.of(
          OnlineDictionary.SPEC,
          OrthogonalDictionary.SPEC,
          UnfoldedDictionary.SPEC,
          CpDictionary.SPEC,
          WassersteinCpDictionary.SPEC,
          KlFactorization.SPEC);

  private Methods() {}

  /**
   * Looks a method up.
   *
   * @throws ConfigException naming the known ones
   */
  public static MethodSpec spec(String id) {
    return Spec.find(ALL, id)
        .orElseThrow(
            () ->
                new ConfigException("no dictionary method '" + id + "'; known: " + Spec.ids(ALL)));
  }
}
