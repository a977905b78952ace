package io.millrace.operators.tune;

import io.millrace.core.bandit.PolicyShape;
import io.millrace.operators.ingress.EventKind;
import io.millrace.operators.ingress.EventTimes;
import io.millrace.operators.learner.Runner;
import io.millrace.operators.output.Channel;
import io.millrace.operators.publish.SnapshotOptions;
import io.millrace.operators.shell.ComputeOptions;
import io.millrace.operators.shell.KeyLimit;
import io.millrace.operators.shell.KeyedShell;
import io.millrace.operators.shell.Stage;
import io.millrace.operators.shell.StageOptions;
import io.millrace.operators.shell.Submission;
import io.millrace.schemas.DType;
import io.millrace.schemas.PartCodec;
import io.millrace.schemas.TuneDecision;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;

/** The tuner stage of a job, for harnesses. */
final class Tunes {
  static final Duration WAIT = Duration.ofMillis(1000);

  private Tunes() {}

  /** Four arms a0 to a3 with the values 0 to 3, two more to come, costs in [0, 1]. */
  static TuneOptions options(String policy, int context, double timeoutCost) {
    return options(policy, context, timeoutCost, 100, Map.of());
  }

  static TuneOptions options(
      String policy, int context, double timeoutCost, int most, Map<String, Double> values) {
    return options(policy, context, timeoutCost, most, values, null);
  }

  static TuneOptions options(
      String policy,
      int context,
      double timeoutCost,
      int most,
      Map<String, Double> values,
      TuneOptions.Apprentice apprentice) {
    return new TuneOptions(
        Requests.TOPICS,
        new EventTimes(Duration.ofHours(1)),
        policy,
        new PolicyShape(6, context, 0),
        values,
        IntStream.range(0, 4).mapToObj(i -> new TuneOptions.Arm("a" + i, i)).toList(),
        7,
        apprentice,
        0.05,
        new TuneOptions.Waiting(WAIT, most, 1 << 20, timeoutCost),
        1024,
        Duration.ofMillis(100_000),
        new SnapshotOptions(
            "tune", 5, null, true, 1, DType.F64, PartCodec.DEFAULT_PART_BYTES, 7, "test-build"),
        true,
        4);
  }

  static KeyedShell shell(TuneOptions options, int bundle) {
    StageOptions stage =
        new StageOptions(
            "tune",
            "test",
            options.topics(),
            options.times(),
            bundle,
            PartCodec.DEFAULT_PART_BYTES,
            ComputeOptions.of("auto"),
            KeyLimit.AUTO,
            new Submission(7, Map.of()));
    return new KeyedShell(
        stage,
        new Stage(
            "tuner",
            Stage.KeyedBy.KEY,
            List.of(
                EventKind.TUNE_REQUEST,
                EventKind.TUNE_FEEDBACK,
                EventKind.ARM_CHANGE,
                EventKind.CONTROL),
            List.of(Channel.MODELS, TunerHandler.DECISIONS),
            s -> new TunerHandler(options, s),
            options.timeStep()));
  }

  static Runner run(TuneOptions options) throws Exception {
    return run(options, 1, HashMapStateBackend::new);
  }

  static Runner run(TuneOptions options, int bundle, Supplier<StateBackend> backend)
      throws Exception {
    return new Runner(() -> shell(options, bundle), backend, 1);
  }

  /** The decisions of a request, in the order in which they came. */
  static List<TuneDecision> of(Runner r, String id) {
    return r.decisions.stream().filter(d -> d.getId().equals(id)).toList();
  }
}
