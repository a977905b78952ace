package io.millrace.core.optim;

import java.util.ArrayList;
import java.util.List;

/** docs/catalog.md: what the catalogue declares, as a page. */
public final class CatalogPage {
  private CatalogPage() {}

  /** The whole page. */
  public static String markdown() {
    StringBuilder out = new StringBuilder();
    out.append("# Catalogue\n\n");
    out.append("Generated from `Catalog`. Names and hyperparameters are those of a job's YAML. ");
    out.append("`how checked`: ");
    out.append("`code`, agrees with running the authors' or the reference framework's code; ");
    out.append("`code_read`, read in source text that was not run; ");
    out.append("`derived`, follows from the defining equation; ");
    out.append("`memory`, recalled from the paper.\n\n");
    out.append("Memory is what a key keeps beside its parameters, from the slots declared at the ");
    out.append("defaults. Oracle calls are counted over steps at the defaults on least squares ");
    out.append("with mini-batches of 4: the mean, and the range where steps differ.\n\n");
    out.append("## Optimizers\n");
    for (OptimizerSpec s : Catalog.OPTIMIZERS) {
      OptimizerCost cost = OptimizerCost.of(s);
      head(out, s.id(), s.source());
      out.append("\n- memory: ").append(cost.memory());
      out.append("\n- oracle calls per step: ").append(cost.oracles()).append('\n');
      List<Hyper> hypers = new ArrayList<>(List.of(s.learningRate()));
      hypers.addAll(s.hypers());
      table(out, hypers);
    }
    out.append("\n## Parts around an optimizer\n\n");
    out.append("In the order in which they are applied; a part is there when it is named.\n");
    for (PartSpec s : Catalog.PARTS) {
      head(out, s.id(), s.source());
      table(out, s.hypers());
    }
    out.append("\n## Schedules of the learning rate\n");
    for (ScheduleSpec s : Catalog.SCHEDULES) {
      head(out, s.id(), s.source());
      table(out, s.hypers());
    }
    return out.toString();
  }

  private static void head(StringBuilder out, String id, Source source) {
    out.append("\n### ").append(id).append("\n\n").append(source.citation());
    out.append(" (how checked: `").append(source.confidence().title()).append("`).\n");
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
