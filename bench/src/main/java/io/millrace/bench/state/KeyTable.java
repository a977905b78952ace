package io.millrace.bench.state;

import io.millrace.bench.HeapUse;
import io.millrace.cli.console.Output;
import io.millrace.core.compute.Workspace;
import io.millrace.core.features.FeatureEncoder;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.core.scaling.Scaling;
import io.millrace.core.state.LearnerState;
import io.millrace.core.supervised.StateForm;
import io.millrace.core.supervised.SupervisedLearner;
import io.millrace.core.supervised.SupervisedOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Bytes of one key's numbers after some events, by features and optimizer, in both forms. */
final class KeyTable {
  private static final int EVENTS = 1000;
  private static final long MOST_HEAP = 48L << 20;

  private KeyTable() {}

  private static InputSpec input(InputSpec.Kind kind, int dimension, int hashBits) {
    return new InputSpec(
        kind, dimension, hashBits, InputSpec.Target.CLASS, List.of("a", "b"), 1 << 20);
  }

  /** Measures, and says it in lines. */
  static List<Object> print(Output out) {
    Map<String, InputSpec> inputs = new LinkedHashMap<>();
    inputs.put("dense 32", input(InputSpec.Kind.DENSE, 32, 1));
    inputs.put("sparse 40 of 1,000", input(InputSpec.Kind.SPARSE, 1000, 1));
    inputs.put("8 named columns, 2^18", input(InputSpec.Kind.NAMED, 0, 18));
    inputs.put("8 named columns, 2^22", input(InputSpec.Kind.NAMED, 0, 22));
    List<Object> rows = new ArrayList<>();
    out.say("bytes of a key after %,d events, with scaling", EVENTS);
    inputs.forEach(
        (name, input) -> {
          for (String optimizer : List.of("sgd", "adam", "rate_mixture")) {
            rows.add(row(out, name, input, optimizer));
          }
        });
    return rows;
  }

  private static Map<String, Object> row(
      Output out, String name, InputSpec input, String optimizer) {
    SupervisedOptions options =
        SupervisedOptions.of(input, "logistic", optimizer, Map.of()).withScaling(Scaling.STANDARD);
    long dense = new SupervisedLearner(options.withForm(StateForm.DENSE)).schema().totalBytes();
    SupervisedLearner learner = new SupervisedLearner(options);
    LearnerState state = learned(learner, input);
    long heap = heap(state);
    out.say(
        "  %-24s %-13s dense form %,14d   by default %,8d   on the heap %,8d",
        name, optimizer, dense, state.bytes(), heap);
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("features", name);
    row.put("optimizer", optimizer);
    row.put("dense-bytes", dense);
    row.put("state-bytes", state.bytes());
    row.put("heap-bytes", heap);
    return row;
  }

  /** A key's state after the events. */
  private static LearnerState learned(SupervisedLearner learner, InputSpec input) {
    LearnerState state = new LearnerState(learner.schema());
    learner.initialize(state, "k");
    FeatureEncoder encoder = new FeatureEncoder(input);
    Workspace workspace = new Workspace();
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < EVENTS; i++) {
      Rows rows = encoder.newRows();
      double label = random.nextInt(2);
      switch (input.kind()) {
        case DENSE -> encoder.add(rows, random.doubles(32, -1, 1).toArray(), label, 1);
        case SPARSE ->
            encoder.add(
                rows,
                random.ints(0, input.dimension()).distinct().limit(40).sorted().toArray(),
                random.doubles(40, -1, 1).toArray(),
                label,
                1);
        default -> {
          Map<String, Object> x = new HashMap<>();
          for (int c = 0; c < 8; c++) {
            x.put(
                "column" + c,
                c < 4 ? (Object) random.nextDouble(-1, 1) : "value" + random.nextInt(20));
          }
          encoder.add(rows, x, label, 1);
        }
      }
      learner.learn(rows, state, "k", workspace);
    }
    if (state.steps() != EVENTS) {
      throw new IllegalStateException("of " + EVENTS + " steps " + state.steps() + " were taken");
    }
    return state;
  }

  /** Heap of a copy, measured over many. */
  private static long heap(LearnerState state) {
    int copies = (int) Math.max(4, Math.min(5_000, MOST_HEAP / state.bytes()));
    LearnerState[] all = new LearnerState[copies];
    long before = HeapUse.afterCollection();
    for (int i = 0; i < copies; i++) {
      all[i] = state.copy();
    }
    long bytes = (HeapUse.afterCollection() - before) / copies;
    if (all[copies - 1].steps() != state.steps()) {
      throw new IllegalStateException("a copy has not the steps of its state");
    }
    return bytes;
  }
}
