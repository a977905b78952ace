package io.millrace.cli.commands;

import io.millrace.cli.console.Output;
import io.millrace.core.ConfigException;
import io.millrace.core.bandit.PolicyPart;
import io.millrace.core.bandit.PolicySpec;
import io.millrace.core.bandit.catalog.Policies;
import io.millrace.core.spec.Spec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lists the policies of the registry and the parts around them, with what they declare. */
@Command(
    name = "policies",
    description = {
      "Lists the policies that choose arms, and the parts around them.",
      "Of each its source, how the rule was checked, what a request must bring, what is promised,",
      "hyperparameters, defaults and ranges."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  millrace policies", "  millrace policies chebcb", "  millrace policies --json"})
public final class PoliciesCommand implements Runnable {
  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "Only this policy or part, as docs/policies.md names them.")
  private String name;

  @Mixin private Output output;

  @Override
  public void run() {
    List<PolicySpec> policies = chosen(Policies.ALL);
    List<PolicyPart> parts = chosen(Policies.PARTS);
    if (policies.isEmpty() && parts.isEmpty()) {
      List<String> known = new ArrayList<>(Spec.ids(Policies.ALL));
      known.addAll(Spec.ids(Policies.PARTS));
      throw new ConfigException("no policy or part '" + name + "'; known: " + known);
    }
    SpecEntries entries = new SpecEntries(output);
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("policies", policies.stream().map(s -> policy(s, entries)).toList());
    result.put(
        "parts",
        parts.stream().map(p -> entries.entry("part", p.id(), p.source(), p.hypers())).toList());
    output.result(result);
  }

  private <T extends Spec> List<T> chosen(List<T> all) {
    return all.stream().filter(s -> name == null || name.equals(s.id())).toList();
  }

  private static Map<String, Object> policy(PolicySpec spec, SpecEntries entries) {
    List<String> traits = spec.traits().stream().sorted().map(PolicySpec.Trait::words).toList();
    Map<String, Object> o =
        entries.entry(
            "policy",
            spec.id(),
            spec.source(),
            spec.hypers(),
            "input: " + spec.input().words(),
            "promises: "
                + (traits.isEmpty() ? "no more than every policy" : String.join("; ", traits)));
    o.put("stateVersion", spec.stateVersion());
    o.put("input", spec.input().name());
    o.put("traits", spec.traits().stream().sorted().map(Enum::name).toList());
    return o;
  }
}
