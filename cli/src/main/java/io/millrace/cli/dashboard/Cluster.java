package io.millrace.cli.dashboard;

/**
 * How the Flink cluster does that a job runs on.
 *
 * @param known whether somebody said where it is, and it answers
 * @param why not
 * @param state of the job, such as RUNNING
 * @param checkpoints completed
 * @param failedCheckpoints since the job was submitted
 * @param lastCheckpoint when the newest was complete, in milliseconds; 0: none is
 * @param restarts in the last hour
 * @param lastRestart when, in milliseconds; 0: there was none
 * @param reason of that, in one line
 */
record Cluster(
    boolean known,
    String why,
    String state,
    long checkpoints,
    long failedCheckpoints,
    long lastCheckpoint,
    int restarts,
    long lastRestart,
    String reason) {
  static final Cluster UNKNOWN = unknown("start with --flink http://HOST:8081 to see them");

  static Cluster unknown(String why) {
    return new Cluster(false, why, "", 0, 0, 0, 0, 0, "");
  }
}
