package io.millrace.core.optim;

import java.util.List;

/** docs/catalog.md: what the catalogue declares, as a page. */
public final class CatalogPage {
  private CatalogPage() {}

  /** The whole page. */
  public static String markdown() {
    StringBuilder out = new StringBuilder();
    out.append("# Catalogue\n\n");
    out.append("Generated from `Catalog`. Names and hyperparameters are those of a job's YAML; ");
    out.append("`learning-rate` stands beside them. `how checked`: ");
    out.append("`code`, agrees with running the authors' or the reference framework's code; ");
    out.append("`code_read`, read in source text that was not run; ");
    out.append("`derived`, follows from the defining equation; ");
    out.append("`memory`, recalled from the paper.\n\n## Optimizers\n");
    for (OptimizerSpec s : Catalog.OPTIMIZERS) {
      out.append("\n### ").append(s.id()).append("\n\n");
      out.append(s.source().citation()).append(" (how checked: `");
      out.append(s.source().confidence().name().toLowerCase(java.util.Locale.ROOT));
      out.append("`). Default learning rate ").append(s.defaultLearningRate()).append(".\n");
      table(out, s.hypers());
    }
    out.append("\n## Parts around an optimizer\n\n");
    out.append("In the order in which they are applied; a part is there when it is named.\n");
    for (PartSpec s : Catalog.PARTS) {
      out.append("\n### ").append(s.id()).append("\n\n");
      out.append(s.source().citation()).append(" (how checked: `");
      out.append(s.source().confidence().name().toLowerCase(java.util.Locale.ROOT));
      out.append("`).\n");
      table(out, s.hypers());
    }
    out.append("\n## Schedules of the learning rate\n");
    for (ScheduleSpec s : Catalog.SCHEDULES) {
      out.append("\n### ").append(s.id()).append("\n");
      table(out, s.hypers());
    }
    return out.toString();
  }

  private static void table(StringBuilder out, List<Hyper> hypers) {
    if (hypers.isEmpty()) {
      return;
    }
    out.append("\n| hyperparameter | default | range | meaning |\n| --- | --- | --- | --- |\n");
    for (Hyper h : hypers) {
      out.append("| `").append(h.name()).append("` | ").append(h.def()).append(" | ");
      out.append(h.range()).append(" | ").append(h.doc());
      out.append(h.structural() ? " (fixed once a job has state) |\n" : " |\n");
    }
  }
}
