package io.millrace.cli.commands;

import io.millrace.cli.console.Output;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Source;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a listing says of an algorithm, as text or as JSON. */
final class SpecEntries {
  private final Output output;

  SpecEntries(Output output) {
    this.output = output;
  }

  /** An entry's JSON; its text is printed unless JSON is wanted. */
  Map<String, Object> entry(
      String kind, String id, Source source, List<Hyper> hypers, String... lines) {
    if (!output.json()) {
      output.say("%s (%s)", id, kind);
      output.say("  %s (how checked: %s)", source.citation(), source.confidence().title());
      for (String line : lines) {
        output.say("  %s", line);
      }
      for (Hyper h : hypers) {
        output.say("  %-16s default %-8s in %s: %s", h.name(), number(h.def()), h.range(), h.doc());
      }
      output.say("");
    }
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("name", id);
    o.put("source", source.citation());
    o.put("confidence", source.confidence().name());
    o.put("hyperparameters", hypers.stream().map(SpecEntries::hyper).toList());
    return o;
  }

  private static Map<String, Object> hyper(Hyper h) {
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("name", h.name());
    o.put("default", h.def());
    o.put("range", h.range().toString());
    o.put("doc", h.doc());
    o.put("structural", h.structural());
    o.put("list", h.list());
    return o;
  }

  private static String number(double v) {
    return v == Math.rint(v) && Math.abs(v) < 1e15 ? Long.toString((long) v) : Double.toString(v);
  }
}
