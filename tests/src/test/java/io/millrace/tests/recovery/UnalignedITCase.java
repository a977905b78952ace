package io.millrace.tests.recovery;

import io.millrace.tests.integration.Await;
import io.millrace.tests.integration.Stack;
import io.millrace.tests.recovery.RecoveryRun.Family;
import java.nio.file.Path;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStats;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Barriers overtake the events that wait for a learner which cannot keep up, and what they overtook
 * is part of the checkpoint: restored from it, also at another parallelism, the job publishes the
 * same bytes as an undisturbed one.
 */
class UnalignedITCase {
  private static final String UNALIGNED = "checkpoint.unaligned: true\n";

  /** Rounds that do not fit between source and learner, so that the source has to wait. */
  private static final int MANY = 300;

  @TempDir static Path directory;
  private static Stack stack;

  @BeforeAll
  static void start() throws Exception {
    Configuration smallBuffers = new Configuration();
    smallBuffers.set(TaskManagerOptions.MEMORY_SEGMENT_SIZE, new MemorySize(4096));
    stack = Stack.start(directory, 1, 3, smallBuffers);
  }

  @AfterAll
  static void stop() throws Exception {
    stack.close();
  }

  /** Waits for a checkpoint with events in flight, the learner going on one event at a time. */
  private static CompletedCheckpointStats checkpointUnderBackPressure(RecoveryRun run, JobID job)
      throws Exception {
    CompletedCheckpointStats before = stack.lastCheckpoint(job);
    long then = before == null ? 0 : before.getCheckpointId();
    Await.until(
        "a checkpoint with events in flight",
        () -> {
          run.probe().permit();
          CompletedCheckpointStats last = stack.lastCheckpoint(job);
          return last != null
              && last.getCheckpointId() > then + 1
              && last.isUnalignedCheckpoint()
              && last.getPersistedData() > 0;
        });
    return stack.lastCheckpoint(job);
  }

  @ParameterizedTest
  @EnumSource(names = {"LEARN", "DICTIONARY"})
  void aTaskThatFailsUnderBackPressure(Family family) throws Exception {
    RecoveryRun run = new RecoveryRun(stack, family, "failing", 2, UNALIGNED);
    JobID job = run.submit(null);
    run.feed(0, 17);
    run.probe().slowDown();
    run.send(17, MANY);
    checkpointUnderBackPressure(run, job);
    run.probe().failAfter(3);
    run.probe().speedUp();
    Await.until("the injected failure", () -> run.probe().failed());
    run.finish(MANY);
    stack.awaitRestored(job);
    stack.cancel(job);
    run.equalsTheUndisturbedRun();
  }

  @ParameterizedTest
  @EnumSource(names = {"LEARN", "DICTIONARY"})
  void rescalingFromOneToThreeToTwoUnderBackPressure(Family family) throws Exception {
    RecoveryRun run = new RecoveryRun(stack, family, "rescaling", 1, UNALIGNED);
    JobID job = run.submit(null);
    run.feed(0, 17);
    int sent = 17;
    for (int parallelism : new int[] {3, 2}) {
      run.probe().slowDown();
      run.send(sent, sent + MANY);
      sent += MANY;
      CompletedCheckpointStats checkpoint = checkpointUnderBackPressure(run, job);
      stack.cancel(job);
      run.probe().speedUp();
      run.parallelism(parallelism);
      job = run.submit(checkpoint.getExternalPath());
      stack.awaitRestored(job);
    }
    run.finish(sent);
    stack.cancel(job);
    run.equalsTheUndisturbedRun();
  }
}
