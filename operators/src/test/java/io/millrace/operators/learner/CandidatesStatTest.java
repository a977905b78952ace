package io.millrace.operators.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.compute.Workspace;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.ForwardingLearner;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.Outcome;
import io.millrace.core.learn.StepOutcome;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.state.LearnerState;
import io.millrace.operators.handler.Key;
import io.millrace.operators.handler.KeyHandler;
import io.millrace.operators.handler.ListStage;
import io.millrace.operators.handler.MapStorage;
import io.millrace.operators.ingress.RoutedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * How often the operator promotes what is no better, and what is: a thousand keys, each a run of
 * its own, whose learners err by coins of their own. The gate is looked at after every event.
 *
 * <p>{@code -Dmillrace.aa.events=N} makes the runs longer; the slow lane has 5,000 events.
 */
class CandidatesStatTest {
  private static final int KEYS = 1000;
  private static final int EVENTS = Integer.getInteger("millrace.aa.events", 300);
  private static final double ALPHA = 0.05;

  /** Errs at each event with a probability, by a coin that no other learner and key throws. */
  private static final class Coin extends ForwardingLearner {
    private final PhiloxDraws draws;
    private final double error;

    Coin(String name, double error) {
      super(new TestLearner());
      this.draws = new PhiloxDraws(23, name);
      this.error = error;
    }

    @Override
    public OnlineLearner with(Map<String, Double> changed) {
      throw new IllegalStateException("no order comes");
    }

    /** A number of the key goes where the model would be; no two of the keys here share one. */
    @Override
    public void initialize(LearnerState state, String key) {
      state.block("theta")[0] = key.hashCode();
    }

    @Override
    public void predict(Rows rows, int row, LearnerState state, Outcome out, Workspace workspace) {
      double coin = draws.at((long) state.block("theta")[0]).uniform(state.steps());
      out.raw[0] = coin < error ? 1 : 0;
      out.rawCount = 1;
      out.scores[0] = out.raw[0];
      out.scoreCount = 1;
      judge(out, rows.label(row));
    }

    @Override
    public void judge(Outcome prediction, double label) {
      prediction.loss = prediction.raw[0];
      prediction.correct = -1;
    }

    @Override
    public StepOutcome learn(Rows batch, LearnerState state, String key, Workspace workspace) {
      state.setSteps(state.steps() + 1);
      return StepOutcome.LEARNED;
    }

    @Override
    public StepOutcome learnOne(
        Rows row, LearnerState state, String key, Outcome out, Workspace workspace) {
      predict(row, 0, state, out, workspace);
      return learn(row, state, key, workspace);
    }
  }

  /** Share of keys at which a candidate has been promoted at any time. */
  private static double promoted(double error, double... candidates) {
    List<CandidateOptions.Candidate> all = new ArrayList<>();
    for (int i = 0; i < candidates.length; i++) {
      String name = "c" + i;
      double e = candidates[i];
      all.add(new CandidateOptions.Candidate(name, backend -> new Coin(name, e)));
    }
    LearnerOptions options =
        LearnerOptions.builder(Stream.TOPICS, Stream.INPUT)
            .candidates(
                new CandidateOptions(all, "betting", 1, 0, new TreeMap<>(Map.of("alpha", ALPHA))))
            .build();
    ListStage stage = new ListStage("learn", Shells.INCARNATION, Stream.TOPICS);
    KeyHandler handler =
        Shells.stage(options, backend -> new Coin("base", error)).handler().create(stage);
    MapStorage storage = new MapStorage(true);
    Key key = new Key(storage, handler.blocks(), j -> j.incarnation = stage.incarnation());
    int promoted = 0;
    for (int run = 0; run < KEYS; run++) {
      String name = Integer.toString(run);
      Stream one = new Stream().example(name, "", 1, 1.0, 1, 1);
      RoutedEvent event = (RoutedEvent) one.items().get(0);
      storage.at(name);
      boolean any = false;
      for (int t = 0; t < EVENTS; t++) {
        key.open(name);
        handler.handle(event, key);
        any |= key.journal().champion != null;
        key.close();
      }
      promoted += any ? 1 : 0;
      key.open(name);
      key.end();
    }
    return promoted / (double) KEYS;
  }

  @Test
  void noneOfThreeEqualCandidatesIsPromotedInMoreThanAlphaOfTheRuns() {
    assertThat(promoted(0.3, 0.3, 0.3, 0.3)).isLessThanOrEqualTo(ALPHA);
  }

  @Test
  void aBetterOneAmongEqualsIsPromoted() {
    assertThat(promoted(0.4, 0.4, 0.1)).isGreaterThan(0.95);
  }
}
