package io.millrace.tests.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.jobs.JobConfig;
import io.millrace.jobs.Settings;
import io.millrace.schemas.FederationStatus;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.SingleObject;
import io.millrace.tests.integration.Await;
import io.millrace.tests.integration.Stack;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The `sample` job between real topics. */
class SampleJobITCase {
  @TempDir static Path directory;

  /** What is lost with the task managers is made again, and is the same to the bit. */
  @Test
  void chainsThatLoseTheirTaskManagersGoWhereUndisturbedOnesGo() throws Exception {
    try (Stack stack = Stack.start(directory, 2, 2)) {
      stack.topic("rows").create(3, Map.of());
      SampleRun run = new SampleRun(stack, "lost", "rows");
      JobConfig config = run.config(2, "status: {every: 200ms}\n");
      JobID job = stack.submit(config, SampleRun.STARTED);
      run.send(SampleRun.CLIENTS.subList(0, 2));
      Await.until("the job to run", () -> stack.status(job) == JobStatus.RUNNING);
      Await.until(
          "word of who is missing",
          () -> {
            stack.checkpoint(job); // commits what has been said
            return waiting(stack, config).startsWith("2 of 3 clients, missing silo-c since ");
          });
      run.send(SampleRun.CLIENTS.subList(2, 3));
      run.await(config, 20);
      stack.checkpoint(job);
      run.await(config, 60);
      stack.cluster().terminateTaskManager(0).get();
      stack.cluster().terminateTaskManager(1).get();
      stack.cluster().startTaskManager();
      stack.cluster().startTaskManager();
      stack.awaitRestored(job);
      run.await(config, 150);
      stack.checkpoint(job);
      Await.until("a posterior", () -> !run.posteriors(config).isEmpty());
      stack.cancel(job);
      Map<String, String> disturbed = run.history(config);

      SampleRun calm = new SampleRun(stack, "calm", "rows");
      JobConfig other = calm.config(1, "");
      JobID undisturbed = stack.submit(other, SampleRun.STARTED);
      calm.await(other, 150);
      stack.cancel(undisturbed);
      Map<String, String> expected = calm.history(other);
      for (int c = 0; c < SampleRun.CHAINS; c++) {
        for (int round = 1; round <= 150; round++) {
          String at = "chain-" + c + "@" + round;
          assertThat(disturbed.get(at)).as(at).isNotNull().isEqualTo(expected.get(at));
        }
      }
      assertThat(stack.topic(config.topic(Settings.DEAD_LETTERS)).read()).isEmpty();
      List<ModelSnapshot> posteriors = run.posteriors(config);
      ModelSnapshot last = posteriors.get(posteriors.size() - 1);
      assertThat(last.getConfig())
          .containsEntry("model.loss", "logistic")
          .containsEntry("clients.2", "silo-c")
          .containsKey("posterior.reliable");
      assertThat(last.getCounters()).containsEntry("epoch", 1L).containsEntry("chains", 4L);
    }
  }

  private static String waiting(Stack stack, JobConfig config) throws Exception {
    String last = "";
    for (ConsumerRecord<byte[], byte[]> r : stack.topic(config.topic(Settings.METRICS)).read()) {
      if (SingleObject.standard().decode(r.value()) instanceof FederationStatus s) {
        last = s.getWaiting();
      }
    }
    return last;
  }
}
