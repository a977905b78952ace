package io.millrace.tests.docs;

import io.millrace.cli.catalog.OptimizerCost;
import io.millrace.core.catalog.Optimizers;
import io.millrace.core.catalog.Parts;
import io.millrace.core.catalog.Schedules;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.PartSpec;
import io.millrace.core.optim.ScheduleSpec;
import io.millrace.core.optim.schedule.BatchScaling;
import io.millrace.core.spec.Hyper;
import java.util.ArrayList;
import java.util.List;

/** docs/catalog.md: what the catalogue declares, as a page. */
final class CatalogPage {
  private CatalogPage() {}

  /** The whole page. */
  static String markdown() {
    StringBuilder out = new StringBuilder();
    out.append("# Catalogue\n\n");
    out.append(
        "Generated from `Optimizers`, `Parts` and `Schedules`. Names and hyperparameters are those of a job's YAML. ");
    out.append(SpecMarkdown.HOW_CHECKED).append("\n\n");
    out.append("Memory is what a key keeps beside its parameters, from the slots declared at the ");
    out.append("defaults. Oracle calls are counted over steps at the defaults on least squares ");
    out.append("with mini-batches of 4: the mean, and the range where steps differ.\n\n");
    out.append("## Optimizers\n");
    for (OptimizerSpec s : Optimizers.ALL) {
      OptimizerCost cost = OptimizerCost.of(s);
      SpecMarkdown.head(out, s);
      out.append("\n- memory: ").append(cost.memory());
      out.append("\n- oracle calls per step: ").append(cost.oracles()).append('\n');
      List<Hyper> hypers = new ArrayList<>(List.of(s.learningRate()));
      hypers.addAll(s.hypers());
      SpecMarkdown.hypers(out, hypers);
    }
    out.append("\n## Parts around an optimizer\n\n");
    out.append("In the order in which they are applied; a part is there when it is named.\n");
    for (PartSpec s : Parts.ALL) {
      SpecMarkdown.head(out, s);
      SpecMarkdown.hypers(out, s.hypers());
    }
    out.append("\n## Schedules of the learning rate\n");
    for (ScheduleSpec s : Schedules.ALL) {
      SpecMarkdown.head(out, s);
      SpecMarkdown.hypers(out, s.hypers());
    }
    out.append("\n## Rules for a changed mini-batch\n\n");
    out.append("`optimizer.batch-rule` carries a learning rate found at mini-batch b0, ");
    out.append("`optimizer.base-batch`, to b, `mini-batch`: a factor on top of any schedule.\n");
    for (BatchScaling.Rule r : BatchScaling.Rule.values()) {
      if (r.source() != null) {
        SpecMarkdown.head(out, r.id(), r.source());
        out.append("\nGives ").append(r.doc()).append(".\n");
      }
    }
    return out.toString();
  }
}
