package io.millrace.golden.trees;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.drift.PageHinkley;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import io.millrace.core.tree.AdaptiveForest;
import io.millrace.core.tree.ClassForm;
import io.millrace.core.tree.ForestDrift;
import io.millrace.core.tree.ForestScratch;
import io.millrace.core.tree.LeafVotes;
import io.millrace.core.tree.PoissonTable;
import io.millrace.core.tree.TreeMemory;
import io.millrace.core.tree.TreeWatch;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** An adaptive random forest over a stream. A case is a run. */
public final class ForestRun implements GoldenKind {
  private static final int VOTES_EVERY = 25;
  private static final int TREES_EVERY = 250;
  private static final int SUBSETS = 12;
  private static final Map<String, ForestDrift> DRIFT =
      Map.of("adwin", ForestDrift.ADWIN, "ph", ForestDrift.PAGE_HINKLEY, "none", ForestDrift.NONE);

  @Override
  public String id() {
    return "adaptive_random_forest";
  }

  @Override
  public boolean handles(JsonNode file) {
    return file.path("kind").asText().equals(id());
  }

  @Override
  public void replay(JsonNode file, Tally tally) {
    Map<String, TreeStream> streams = new HashMap<>();
    JsonNode cases = Fields.array(file, "cases");
    for (int i = 0; i < cases.size(); i++) {
      tally.begin();
      JsonNode inputs = Fields.object(cases.get(i), "inputs");
      TreeStream stream = TreeStream.read(inputs, "case", streams, false);
      String where = "cases[" + i + "] " + Fields.text(inputs, "case");
      new Run(where, stream, inputs, Fields.object(cases.get(i), "expected"), tally).run();
    }
  }

  /** One case. */
  private static final class Run {
    private final String where;
    private final TreeStream stream;
    private final JsonNode expected;
    private final Tally tally;
    private final long seed;
    private final String key;
    private final int observed;
    private final double lambda;
    private final ClassForm form;
    private final AdaptiveForest forest;
    private final ForestScratch scratch;
    private final LearnerState state;
    private final List<Object[]> changes = new ArrayList<>();
    private final Map<Long, List<Object[]>> splits = new TreeMap<>();
    private int event;

    Run(String where, TreeStream stream, JsonNode inputs, JsonNode expected, Tally tally) {
      this.where = where;
      this.stream = stream;
      this.expected = expected;
      this.tally = tally;
      this.seed = Fields.integer(inputs, "job_seed");
      this.key = Fields.text(inputs, "model_key");
      JsonNode p = Fields.object(inputs, "parameters");
      int d = stream.kinds().length;
      this.observed =
          Fields.given(p, "m") ? Fields.integer(p, "m", 1, d) : AdaptiveForest.observed(d);
      this.form = new ClassForm(stream.kinds(), stream.classes(), observed);
      this.lambda = TreeReplay.positive(p, "lambda", 100);
      this.forest =
          new AdaptiveForest(
              TreeReplay.forestRule(p, form),
              Fields.integer(p, "trees", 1, 100),
              lambda,
              TreeReplay.word(p, "detector", DRIFT),
              TreeReplay.positive(p, "warning_delta", 1),
              TreeReplay.positive(p, "drift_delta", 1),
              PageHinkley.rising(
                  Fields.number(p, "ph_delta"), TreeReplay.positive(p, "ph_lambda", 1e9)),
              Fields.flag(p, "weighted"));
      this.scratch = new ForestScratch(form, forest.trees());
      StateSchema.Builder blocks = new StateSchema.Builder();
      forest.declare(blocks);
      this.state = new LearnerState(blocks.build());
    }

    void run() {
      scratch.aim(seed, key);
      scratch.watchedBy(
          (slot, change, serial) ->
              changes.add(
                  new Object[] {event, slot, change.name().toLowerCase(Locale.ROOT), serial}));
      scratch.trees().watchedBy(new Splits());
      forest.initialize(state, scratch);
      StringBuilder classes = new StringBuilder();
      List<Object[]> votes = new ArrayList<>();
      List<Object[]> trees = new ArrayList<>();
      double[] vote = new double[stream.classes()];
      for (event = 0; event < stream.events(); event++) {
        double[] x = stream.x()[event];
        forest.vote(state, x, 0, vote, scratch);
        classes.append(LeafVotes.best(vote));
        if ((event + 1) % VOTES_EVERY == 0) {
          votes.add(new Object[] {event, vote.clone()});
        }
        forest.learn(state, x, 0, (int) stream.y()[event], stream.weights()[event], scratch);
        if ((event + 1) % TREES_EVERY == 0) {
          trees.add(new Object[] {event, slots()});
        }
      }
      tally.exact(where + ".m", Fields.integer(expected, "m"), (long) observed);
      bags();
      compare("changes", changes);
      tally.exact(where + ".classes", Fields.text(expected, "classes"), classes.toString());
      compare("probabilities", votes);
      compare("trees", trees);
      compare("subsets", subsets());
      compare("splits", currentSplits());
    }

    private void compare(String field, List<Object[]> found) {
      TreeReplay.happenings(where + "." + field, Fields.array(expected, field), found, tally);
    }

    private void bags() {
      PoissonTable poisson = new PoissonTable(lambda);
      JsonNode lines = Fields.array(expected, "bagging_first_60");
      if (lines.size() > stream.events()) {
        throw new MalformedGolden("bagging_first_60 has " + lines.size() + " lines");
      }
      for (int e = 0; e < lines.size(); e++) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < forest.trees(); i++) {
          line.append(Character.forDigit(poisson.of(scratch.bag(e, i)), Character.MAX_RADIX));
        }
        tally.exact(where + ".bagging_first_60[" + e + "]", lines.get(e).asText(), line.toString());
      }
    }

    private List<Object[]> slots() {
      List<Object[]> all = new ArrayList<>();
      TreeMemory m = form.memory();
      for (int i = 0; i < forest.trees(); i++) {
        byte[] background = forest.background(state, i);
        long behind = background.length == 0 ? -1 : m.aim(background).serial();
        m.aim(forest.tree(state, i));
        all.add(
            new Object[] {
              m.serial(),
              m.nodes(),
              m.leaves(),
              m.active(),
              m.depth(),
              forest.right(state, i),
              forest.seen(state, i),
              behind
            });
      }
      return all;
    }

    private List<Object[]> subsets() {
      List<Object[]> all = new ArrayList<>();
      TreeMemory m = form.memory();
      for (int i = 0; i < forest.trees(); i++) {
        m.aim(forest.tree(state, i));
        for (int node = 0; node < Math.min(SUBSETS, m.nodes()); node++) {
          int[] drawn = scratch.trees().subsets().draw(m.serial(), m.id(node)).clone();
          all.add(new Object[] {m.serial(), node, drawn});
        }
      }
      return all;
    }

    private List<Object[]> currentSplits() {
      List<Object[]> all = new ArrayList<>();
      TreeMemory m = form.memory();
      for (int i = 0; i < forest.trees(); i++) {
        long serial = m.aim(forest.tree(state, i)).serial();
        all.add(new Object[] {serial, splits.getOrDefault(serial, List.of())});
      }
      return all;
    }

    /** Splits by tree; their event is the tree's own count of rows. */
    private final class Splits implements TreeWatch {
      @Override
      public void split(
          int leaf, int kind, int attribute, double threshold, double gain, int nodes) {
        TreeMemory m = scratch.trees().memory();
        splits
            .computeIfAbsent(m.serial(), n -> new ArrayList<>())
            .add(
                new Object[] {
                  m.calls() - 1, leaf, TreeReplay.kind(kind), attribute, threshold, gain, nodes
                });
      }
    }
  }
}
