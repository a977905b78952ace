package io.millrace.tests.docs;

import io.millrace.core.spec.Choice;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Source;
import io.millrace.core.spec.Spec;
import java.util.List;

/** How generated pages show what a rule declares. */
final class SpecMarkdown {
  /** What the words in {@link #head} mean. */
  static final String HOW_CHECKED =
      "`how checked`: `code`, agrees with running the authors' or the reference framework's code;"
          + " `code_read`, read in source text that was not run; `derived`, follows from the"
          + " defining equation; `memory`, recalled from the paper.";

  private SpecMarkdown() {}

  /** A heading with the source below it. */
  static void head(StringBuilder out, Spec spec) {
    head(out, spec.id(), spec.source());
  }

  /** A heading with the source below it. */
  static void head(StringBuilder out, String id, Source source) {
    out.append("\n### ").append(id).append("\n\n").append(source.citation());
    out.append(" (how checked: `").append(source.confidence().title()).append("`).\n");
  }

  /** A table of settings that are words; nothing where there are none. */
  static void choices(StringBuilder out, List<Choice> choices) {
    if (choices.isEmpty()) {
      return;
    }
    out.append("\n| word | default | others | meaning |\n| --- | --- | --- | --- |\n");
    for (Choice c : choices) {
      out.append("| `").append(c.name()).append("` | ").append(c.def()).append(" | ");
      out.append(String.join(", ", c.values().subList(1, c.values().size())));
      out.append(" | ").append(c.doc()).append(" |\n");
    }
  }

  /** A table of hyperparameters; nothing where there are none. */
  static void hypers(StringBuilder out, List<Hyper> hypers) {
    if (hypers.isEmpty()) {
      return;
    }
    out.append("\n| hyperparameter | default | range | meaning |\n| --- | --- | --- | --- |\n");
    for (Hyper h : hypers) {
      out.append("| `").append(h.name()).append("` | ").append(h.def()).append(" | ");
      out.append(h.range()).append(" | ").append(h.doc().replace("|", "\\|"));
      if (h.list()) {
        out.append("; first of a list, the others are `").append(h.element(2));
        out.append("`, `").append(h.element(3)).append("`, ...");
      }
      out.append(h.structural() ? " (fixed once a job has state) |\n" : " |\n");
    }
  }
}
