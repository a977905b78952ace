package io.millrace.tests.docs;

import io.millrace.core.tuning.TunerSpec;
import io.millrace.core.tuning.Tuners;

/** docs/tuners.md: budgeted tuners, as they are declared. */
final class TunerPage {
  private TunerPage() {}

  /** The whole page. */
  static String markdown() {
    StringBuilder out = new StringBuilder();
    out.append("# Budgeted tuning: tuners\n\n");
    out.append(
        "Generated from `Tuners`. A tuner tries points of a box of parameters, each with a ");
    out.append("resource such as events consumed, and is told their losses; ");
    out.append("`io.millrace.core.tuning.Tuner` is the interface. ");
    out.append(SpecMarkdown.HOW_CHECKED).append(" The first is the default.\n");
    for (TunerSpec s : Tuners.ALL) {
      SpecMarkdown.head(out, s);
      if (s.constrained()) {
        out.append("\nTakes constraints beside the loss, met where they are at most 0.\n");
      }
      SpecMarkdown.hypers(out, s.hypers());
    }
    return out.toString();
  }
}
