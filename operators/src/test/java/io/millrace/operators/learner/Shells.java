package io.millrace.operators.learner;

import io.millrace.operators.ingress.EventKind;
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
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The learner stage of a job, for harnesses. */
final class Shells {
  /** Of every run here: two runs of a test are to publish the same bytes. */
  static final long INCARNATION = 7;

  private Shells() {}

  static KeyedShell learner(LearnerOptions options, LearnerFactory learner) {
    return learner(options, 1, learner);
  }

  static KeyedShell learner(LearnerOptions options, int bundle, LearnerFactory learner) {
    return new KeyedShell(stageOptions(options, bundle), stage(options, learner));
  }

  /** A shell that may hold so many keys. */
  static KeyedShell limited(LearnerOptions options, int bundle, long maxKeys) {
    StageOptions o = stageOptions(options, bundle);
    return new KeyedShell(
        new StageOptions(
            o.family(),
            o.job(),
            o.topics(),
            o.times(),
            o.bundle(),
            o.deadLetterBytes(),
            o.compute(),
            maxKeys,
            o.submission()),
        stage(options, backend -> new TestLearner()));
  }

  static StageOptions stageOptions(LearnerOptions options, int bundle) {
    return stageOptions(options, bundle, "auto");
  }

  static StageOptions stageOptions(LearnerOptions options, int bundle, String backend) {
    return stageOptions(options, bundle, ComputeOptions.of(backend));
  }

  static StageOptions stageOptions(LearnerOptions options, int bundle, ComputeOptions compute) {
    return new StageOptions(
        options.snapshots().family(),
        "test",
        options.topics(),
        options.times(),
        bundle,
        PartCodec.DEFAULT_PART_BYTES,
        compute,
        KeyLimit.AUTO,
        new Submission(INCARNATION, Map.of()));
  }

  static Stage stage(LearnerOptions options, LearnerFactory learner) {
    return new Stage(
        "learner",
        Stage.KeyedBy.KEY,
        List.of(EventKind.EXAMPLE, EventKind.EXAMPLE_BATCH, EventKind.LABEL, EventKind.CONTROL),
        List.of(Channel.MODELS, Results.PREDICTIONS.channel(), Results.CODES.channel()),
        stage -> new LearnerHandler(options, learner, stage),
        options.timeStep());
  }

  /** After every so many examples, whole. */
  static SnapshotOptions every(long examples) {
    return snapshots(examples, null, false, DType.F64, PartCodec.DEFAULT_PART_BYTES);
  }

  /** When snapshots are taken, all of them full. */
  static SnapshotOptions snapshots(
      long everyExamples, Duration every, boolean atEnd, DType dtype, int partBytes) {
    return new SnapshotOptions(
        "learn", everyExamples, every, atEnd, 1, dtype, partBytes, 1, "test-build");
  }

  /** After every so many examples; of so many one is full. */
  static SnapshotOptions deltas(long everyExamples, int fullEvery, DType dtype, int partBytes) {
    return new SnapshotOptions(
        "learn", everyExamples, null, false, fullEvery, dtype, partBytes, 1, "test-build");
  }
}
