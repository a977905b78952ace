package io.millrace.golden.decision;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.decision.PromotionGate;
import io.millrace.core.decision.Verdict;
import io.millrace.golden.kind.Columns;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;
import io.millrace.golden.kind.UnsupportedGolden;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** The promotion gate over a script of events. A case is a script. */
public final class GateRun implements GoldenKind {
  /** Parameters of the file that are hyperparameters of the gate under the same name. */
  private static final List<String> SAME =
      List.of(
          "alpha",
          "min_events",
          "max_events",
          "drop_alpha",
          "guard_alpha",
          "guard_min",
          "hard_window",
          "probation");

  /** Parameters of the file that the gate has as shares of the bound. */
  private static final List<String> SHARES = List.of("margin", "guard_tolerance", "hard_tolerance");

  @Override
  public String id() {
    return "gate_run";
  }

  @Override
  public boolean handles(JsonNode file) {
    return file.path("kind").asText().equals(id());
  }

  @Override
  public void replay(JsonNode file, Tally tally) {
    for (JsonNode c : Fields.array(file, "cases")) {
      tally.begin();
      JsonNode inputs = Fields.object(c, "inputs");
      new Script(inputs).run(Fields.object(c, "expected"), tally);
    }
  }

  /** One script: the gate, its numbers, and the ids that they stand for. */
  private static final class Script {
    private final String name;
    private final JsonNode events;
    private final List<String> ids = new ArrayList<>();
    private final PromotionGate gate;
    private final double[] b;

    Script(JsonNode inputs) {
      name = Fields.text(inputs, "case");
      JsonNode parameters = Fields.object(inputs, "parameters");
      if (Fields.number(parameters, "c") != 0.5) {
        throw new UnsupportedGolden("c = " + parameters.get("c") + "; bets are at most 0.5");
      }
      ids.add(Fields.text(parameters, "champion"));
      events = Fields.array(inputs, "events");
      for (JsonNode e : events) {
        if (!e.isArray() || e.size() < 2 || !e.get(1).isTextual()) {
          throw new MalformedGolden(name + ": " + e + " is no event");
        }
        if (!ids.contains(e.get(1).textValue())) {
          ids.add(e.get(1).textValue());
        }
      }
      gate = gate(parameters, ids.size());
      b = new double[gate.length()];
    }

    private static PromotionGate gate(JsonNode parameters, int candidates) {
      double bound = Fields.number(parameters, "bound");
      Map<String, Double> values = new TreeMap<>();
      SAME.forEach(p -> values.put(p.replace('_', '-'), Fields.number(parameters, p)));
      SHARES.forEach(p -> values.put(p.replace('_', '-'), Fields.number(parameters, p) / bound));
      return PromotionGate.of(bound, candidates, "betting", values);
    }

    void run(JsonNode expected, Tally tally) {
      Columns rows = new Columns(expected, "event", "status", "id", "ln_e", "champion_after");
      for (int i = 0; i < events.size(); i++) {
        String id = events.get(i).get(1).textValue();
        int candidate = ids.indexOf(id);
        Verdict verdict = verdict(events.get(i), candidate);
        JsonNode row = rows.at(i);
        if (row == null) {
          continue;
        }
        String where = name + ".event[" + i + "]";
        tally.exact(where + ".status", row.get(1).asText(), verdict.id());
        tally.exact(where + ".id", row.get(2).asText(), id);
        tally.exact(where + ".champion", row.get(4).asText(), ids.get(gate.champion(b)));
        if (!row.get(3).isNull()) {
          double e = gate.evidence(b, candidate, verdict);
          tally.compare(where + ".ln_e", Fields.number(where, row.get(3)), e);
        }
      }
      rows.end();
      end(expected, tally);
    }

    private Verdict verdict(JsonNode event, int candidate) {
      String kind = event.get(0).asText();
      return switch (kind) {
        case "start" -> gate.start(b, candidate);
        case "obs" -> {
          if (event.size() != 3) {
            throw new MalformedGolden(name + ": " + event + " has no gain");
          }
          yield gate.observe(b, candidate, Fields.number("gain", event.get(2)));
        }
        default -> throw new UnsupportedGolden("no event '" + kind + "'");
      };
    }

    private void end(JsonNode expected, Tally tally) {
      tally.exact(
          name + ".final_champion",
          Fields.text(expected, "final_champion"),
          ids.get(gate.champion(b)));
      tally.exact(name + ".next_index", Fields.integer(expected, "next_index"), gate.nextIndex(b));
      List<String> running = new ArrayList<>();
      Fields.array(expected, "running").forEach(id -> running.add(id.asText()));
      tally.exact(
          name + ".running",
          running,
          IntStream.range(0, ids.size())
              .boxed()
              .filter(c -> gate.running(b, c))
              .sorted(Comparator.comparingLong(c -> gate.index(b, c)))
              .map(ids::get)
              .toList());
    }
  }
}
