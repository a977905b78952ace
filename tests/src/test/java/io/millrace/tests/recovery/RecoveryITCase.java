package io.millrace.tests.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.compute.cuda.Emulator;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.Reason;
import io.millrace.tests.integration.Await;
import io.millrace.tests.integration.Stack;
import io.millrace.tests.recovery.RecoveryRun.Family;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A disturbed job publishes the same bytes as an undisturbed one: every version of every model,
 * with every parameter, slot and counter in it, and every metric. Each test makes sure that the job
 * was running, that a checkpoint was complete, that mini-batches were unfinished at it and that the
 * job came back from it.
 *
 * <p>A mutation tried, which makes every one of these tests fail: taking the step of an unfinished
 * mini-batch at the barrier, in {@code LearnerOperator.prepareSnapshotPreBarrier}.
 */
class RecoveryITCase {
  @TempDir static Path directory;
  private static Stack stack;

  /** Task managers that are gone; the cluster counts them on. */
  private static int managersLost;

  @BeforeAll
  static void start() throws Exception {
    stack = Stack.start(directory, 2, 2);
  }

  @AfterAll
  static void stop() throws Exception {
    stack.close();
  }

  @ParameterizedTest
  @CsvSource({
    "LEARN, hashmap, 1",
    "LEARN, rocksdb, 1",
    "LEARN, hashmap, 3",
    "DICTIONARY, hashmap, 1",
    "DICTIONARY, rocksdb, 3"
  })
  void aTaskThatFailsInTheMiddleOfAMiniBatch(Family family, String backend, int bundle)
      throws Exception {
    RecoveryRun run =
        new RecoveryRun(
            stack,
            family,
            "task-" + backend + bundle,
            2,
            "state: {backend: %s, bundle: %d}\n".formatted(backend, bundle));
    JobID job = run.submit(null);
    run.feed(0, 38);
    run.checkpoint(job, 38);
    run.probe().failAfter(11);
    run.send(38, 60);
    Await.until("the injected failure", () -> run.probe().failed());
    run.finish(60);
    stack.awaitRestored(job);
    stack.cancel(job);
    run.equalsTheUndisturbedRun();
  }

  /**
   * Steps of many keys share launches on the emulated device, which is lost in the middle; the job
   * falls back to the processor, fails, comes back, and in the end goes on without a device.
   */
  @Test
  void aDeviceThatIsLostAndATaskThatFails() throws Exception {
    Emulator device = Emulator.load();
    RecoveryRun run = new RecoveryRun(stack, Family.PERCEPTRON, "device", 2);
    run.on("compute: {backend: cuda, keys: 8, wait: 100ms}\n", 2);
    JobID job = run.submit(null);
    run.feed(0, 17);
    assertThat(device.emuLaunches()).as("launches for many keys").isPositive();
    device.emuLoseAfter(1);
    run.feed(17, 23);
    run.checkpoint(job, 23);
    run.probe().failAfter(11);
    run.send(23, 40);
    Await.until("the injected failure", () -> run.probe().failed());
    run.finish(40);
    stack.awaitRestored(job);
    String savepoint = stack.stop(job);

    run.on("compute: {backend: scalar}\n", 1);
    job = run.submit(savepoint);
    run.send(40, 55);
    run.finish(55);
    stack.cancel(job);
    run.equalsTheUndisturbedRun();
    device.emuReset();
  }

  @ParameterizedTest
  @EnumSource(names = {"LEARN", "DICTIONARY"})
  void aTaskManagerThatIsLost(Family family) throws Exception {
    RecoveryRun run = new RecoveryRun(stack, family, "manager", 2);
    JobID job = run.submit(null);
    run.feed(0, 23);
    run.checkpoint(job, 23);
    run.feed(23, 31);
    assertThat(stack.status(job)).isEqualTo(JobStatus.RUNNING);
    // Both of two: wherever the tasks were, they are lost.
    stack.cluster().terminateTaskManager(managersLost++).get();
    stack.cluster().terminateTaskManager(managersLost++).get();
    stack.cluster().startTaskManager();
    stack.cluster().startTaskManager();
    run.send(31, 50);
    run.finish(50);
    stack.awaitRestored(job);
    stack.cancel(job);
    run.equalsTheUndisturbedRun();
  }

  @ParameterizedTest
  @EnumSource(names = {"LEARN", "DICTIONARY"})
  void aBrokerThatIsKilled(Family family) throws Exception {
    RecoveryRun run = new RecoveryRun(stack, family, "broker", 2);
    JobID job = run.submit(null);
    run.feed(0, 23);
    run.checkpoint(job, 23);
    stack.broker().kill();
    stack.broker().restart();
    run.send(23, 45);
    run.finish(45);
    stack.cancel(job);
    run.equalsTheUndisturbedRun();
  }

  @ParameterizedTest
  @EnumSource(names = {"LEARN", "DICTIONARY"})
  void rescalingFromOneToThreeToTwo(Family family) throws Exception {
    RecoveryRun run = new RecoveryRun(stack, family, "rescale", 1);
    JobID job = run.submit(null);
    run.feed(0, 17);
    String first = stack.stop(job);

    run.parallelism(3);
    job = run.submit(first);
    run.feed(17, 39);
    stack.awaitRestored(job);
    String second = stack.stop(job);

    run.parallelism(2);
    job = run.submit(second);
    run.send(39, 55);
    run.finish(55);
    stack.awaitRestored(job);
    stack.cancel(job);
    run.equalsTheUndisturbedRun();
  }

  @Test
  void aProducerThatSendsAgainWhatItHasSent() throws Exception {
    RecoveryRun twice = new RecoveryRun(stack, Family.LEARN, "twice", 2, "dedupe: {window: 200}\n");
    JobID job = twice.submit(null);
    twice.send(0, 20);
    twice.send(12, 20);
    twice.send(20, 41);
    twice.send(33, 41);
    twice.send(33, 41);
    twice.finish(41);
    stack.cancel(job);

    RecoveryRun once = new RecoveryRun(stack, Family.LEARN, "once", 2, "dedupe: {window: 200}\n");
    job = once.submit(null);
    once.send(0, 41);
    once.finish(41);
    stack.cancel(job);

    Map<String, ModelSnapshot> expected = once.newest();
    Map<String, ModelSnapshot> found = twice.newest();
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    for (String key : expected.keySet()) {
      ModelSnapshot e = expected.get(key);
      ModelSnapshot f = found.get(key);
      assertThat(f.getTensors()).as(key).isEqualTo(e.getTensors());
      assertThat(f.getVersion()).as(key).isEqualTo(e.getVersion());
      Map<String, Long> counters = new TreeMap<>(f.getCounters());
      counters.put("deadLetters", e.getCounters().get("deadLetters"));
      assertThat(counters).as(key).isEqualTo(new TreeMap<>(e.getCounters()));
    }
    long again = Family.LEARN.events.examples(12, 20) + 2 * Family.LEARN.events.examples(33, 41);
    assertThat(stack.topic("twice.dead-letters").deadLetters())
        .filteredOn(d -> d.getReason() == Reason.DUPLICATE_EVENT)
        .hasSize((int) again);
  }
}
