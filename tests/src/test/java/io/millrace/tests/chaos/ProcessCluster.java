package io.millrace.tests.chaos;

import io.millrace.tests.integration.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A Flink cluster of real processes: a job manager (session or application mode) and task managers,
 * each a JVM of its own with Flink's jars alone on its class path. They go when this is closed and
 * when this JVM ends.
 */
final class ProcessCluster implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(90);

  private final ClusterFiles files;
  private final Child jobManager;
  private final List<Child> taskManagers = new ArrayList<>();
  private int started;
  private final FlinkRest rest;

  private ProcessCluster(ClusterFiles files, Child jobManager) {
    this.files = files;
    this.jobManager = jobManager;
    this.rest = new FlinkRest(files.restPort());
  }

  /** A cluster that jobs are submitted to; task managers have one slot each. */
  static ProcessCluster session(Path directory, int taskManagers) throws IOException {
    ClusterFiles files = new ClusterFiles(directory, 1);
    Child jobManager =
        files.start(
            "jobmanager",
            "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
            "--executionMode",
            "cluster");
    return start(files, jobManager, taskManagers);
  }

  /**
   * A cluster whose job manager runs the main method of the jar in usrlib and ends with its job.
   *
   * @param arguments of the entry point: the job's class and what its main method gets
   */
  static ProcessCluster application(Path directory, int taskManagers, List<String> arguments)
      throws IOException {
    ClusterFiles files = new ClusterFiles(directory, 1);
    Child jobManager =
        files.start(
            "jobmanager",
            "org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint",
            arguments.toArray(String[]::new));
    return start(files, jobManager, taskManagers);
  }

  private static ProcessCluster start(ClusterFiles files, Child jobManager, int taskManagers)
      throws IOException {
    ProcessCluster cluster = new ProcessCluster(files, jobManager);
    try {
      for (int i = 0; i < taskManagers; i++) {
        cluster.addTaskManager();
      }
      return cluster;
    } catch (IOException | RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  FlinkRest rest() {
    return rest;
  }

  Child jobManager() {
    return jobManager;
  }

  /** Waits until all task managers have registered. */
  void awaitReady() {
    Await.until(
        "task managers registered",
        START_LIMIT,
        () -> {
          assertRunning(jobManager);
          taskManagers.forEach(ProcessCluster::assertRunning);
          return rest.taskManagers();
        },
        count -> count >= taskManagers.size());
  }

  private static void assertRunning(Child child) {
    if (!child.running()) {
      throw new AssertionError(child + " has ended; its output: " + child.tail());
    }
  }

  /** Starts one more task manager. */
  void addTaskManager() throws IOException {
    started++;
    String id = "taskmanager-" + started;
    taskManagers.add(
        files.start(
            id,
            "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
            "-Dtaskmanager.resource-id=" + id));
  }

  /** Sends kill -9 to a task manager; the next one takes its place in the order. */
  void killTaskManager(int index) {
    taskManagers.remove(index).kill();
  }

  /** Sends kill -9 to every process. */
  void kill() {
    jobManager.kill();
    taskManagers.forEach(Child::kill);
  }

  @Override
  public void close() {
    taskManagers.forEach(Child::close);
    jobManager.close();
  }
}
