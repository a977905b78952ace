package io.millrace.tests.docs;

import io.millrace.core.dictionary.CoderSpec;
import io.millrace.core.dictionary.MethodSpec;
import io.millrace.core.dictionary.learner.Coders;
import io.millrace.core.dictionary.learner.Methods;

/** docs/dictionaries.md: methods of dictionary learning and sparse coders, as they are declared. */
final class DictionaryPage {
  /** Signals of this length have the defaults shown. */
  private static final int DIMENSION = 64;

  private DictionaryPage() {}

  /** The whole page. */
  static String markdown() {
    StringBuilder out = new StringBuilder();
    out.append("# Dictionary learning: methods and sparse coders\n\n");
    out.append("Generated from `Methods` and `Coders`. Settings stand under `dictionary` in the ");
    out.append("YAML of a job. ").append(SpecMarkdown.HOW_CHECKED).append(" Defaults that depend ");
    out.append("on the length of a signal are shown for ").append(DIMENSION).append(".\n\n");
    out.append("## Methods\n\nThe first is the default (`dictionary.method`).\n");
    for (MethodSpec s : Methods.ALL) {
      SpecMarkdown.head(out, s);
      out.append(
          s.usesCoder()
              ? "\nTakes a sparse coder, and its settings beside its own.\n"
              : "\nCodes by itself: takes no sparse coder.\n");
      SpecMarkdown.choices(out, s.choices());
      SpecMarkdown.hypers(out, s.hypers().apply(DIMENSION));
    }
    out.append("\n## Sparse coders\n\nThe first is the default (`dictionary.coder`). The figure ");
    out.append("`codeGap` is the largest duality gap of some codes of the last step; coders ");
    out.append("without a lambda report the squared residual there.\n");
    for (CoderSpec s : Coders.ALL) {
      SpecMarkdown.head(out, s);
      SpecMarkdown.hypers(out, s.hypers().apply(DIMENSION));
    }
    return out.toString();
  }
}
