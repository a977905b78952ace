package io.millrace.tests.docs;

import io.millrace.core.catalog.Learners;
import io.millrace.core.learn.ModelConfig;
import io.millrace.core.learner.LearnerSpec;
import io.millrace.core.model.ModelSpec;
import io.millrace.core.model.Models;
import java.util.stream.Collectors;

/** docs/learners.md: what `model.kind` of a `learn` job can be, as it is declared. */
final class LearnersPage {
  private LearnersPage() {}

  /** The whole page. */
  static String markdown() {
    StringBuilder out = new StringBuilder();
    out.append("# Learners\n\n");
    out.append("Generated from `Models` and `Learners`. `model.kind` of a `learn` job, ");
    out.append("`--learner` of `millrace evaluate`. ").append(SpecMarkdown.HOW_CHECKED);
    out.append("\n\n## Models under an optimizer\n\n");
    out.append("Learned by an optimizer of docs/catalog.md, with any loss that fits the labels.\n");
    for (ModelSpec s : Models.ALL) {
      SpecMarkdown.head(out, s);
      out.append("\n").append(sentence(s.doc())).append(" Optimizer unless another is named: `");
      out.append(s.optimizer()).append("`.\n");
    }
    out.append("\n## Without a gradient\n\n");
    out.append("They learn one event at a time by a rule of their own: `optimizer`, `model.loss` ");
    out.append("and `mini-batch` must be absent. Words and numbers stand under `model`, a list ");
    out.append("as a YAML list; a list of one counts for every feature. Numbers that are not ");
    out.append("fixed may be changed by orders while the job runs. How a reader uses their ");
    out.append("models: docs/wire-format.md.\n");
    for (LearnerSpec s : Learners.ALL) {
      SpecMarkdown.head(out, s);
      out.append("\n").append(sentence(s.doc())).append(" Labels: ");
      out.append(s.targets().stream().map(ModelConfig::word).collect(Collectors.joining(", ")));
      out.append(s.scales() ? ". Features are scaled by `features.scaling`" : "");
      out.append(s.nominal() ? ". Knows `features.nominal`" : "").append(".\n");
      SpecMarkdown.choices(out, s.choices());
      SpecMarkdown.hypers(out, s.hypers());
    }
    return out.toString();
  }

  private static String sentence(String doc) {
    return Character.toUpperCase(doc.charAt(0)) + doc.substring(1) + ".";
  }
}
