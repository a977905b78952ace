package io.millrace.tests.docs;

import io.millrace.core.bandit.PolicyPart;
import io.millrace.core.bandit.PolicyShape;
import io.millrace.core.bandit.PolicySpec;
import io.millrace.core.bandit.catalog.Policies;
import java.util.List;
import java.util.stream.Collectors;

/** docs/policies.md: policies and the parts around them, as they are declared. */
final class PolicyPage {
  private PolicyPage() {}

  /** The whole page. */
  static String markdown() {
    StringBuilder out = new StringBuilder();
    out.append("# Policies: which arm to play\n\n");
    out.append(
        "Generated from `Policies`. A policy chooses one of the eligible arms of a request, ");
    out.append("says how probable each was, and learns from the cost that comes later; ");
    out.append("`io.millrace.core.bandit.Policy` is the interface. Costs are minimised: a reward ");
    out.append(
        "in [0, 1] is the cost 1 - reward, any other reward the cost -reward, for policies ");
    out.append("without bounds. ").append(SpecMarkdown.HOW_CHECKED).append("\n\n");
    out.append("A tuner that names no policy gets, by what its requests bring: ");
    out.append(standard("features of the arms", new PolicyShape(2, 0, 1))).append("; ");
    out.append(standard("a context of one number", new PolicyShape(2, 1, 0))).append("; ");
    out.append(standard("a longer context", new PolicyShape(2, 2, 0))).append("; ");
    out.append(standard("nothing", new PolicyShape(2, 0, 0))).append(".\n\n");
    out.append("| policy | a request | promises |\n| --- | --- | --- |\n");
    for (PolicySpec s : Policies.ALL) {
      out.append("| [`").append(s.id()).append("`](#").append(s.id()).append(") | ");
      out.append(s.input().words()).append(" | ").append(promises(s)).append(" |\n");
    }
    out.append("\n## Policies\n");
    for (PolicySpec s : Policies.ALL) {
      SpecMarkdown.head(out, s);
      SpecMarkdown.hypers(out, s.hypers());
    }
    out.append("\n## Parts around a policy\n\nA part is there when a configuration names one of ");
    out.append("its hyperparameters.\n");
    for (PolicyPart p : Policies.PARTS) {
      SpecMarkdown.head(out, p);
      SpecMarkdown.hypers(out, p.hypers());
    }
    return out.toString();
  }

  private static String standard(String input, PolicyShape shape) {
    return input + ", `" + Policies.standard(shape).id() + "`";
  }

  private static String promises(PolicySpec s) {
    List<PolicySpec.Trait> traits = s.traits().stream().sorted().toList();
    return traits.stream().map(PolicySpec.Trait::words).collect(Collectors.joining("; "));
  }
}
