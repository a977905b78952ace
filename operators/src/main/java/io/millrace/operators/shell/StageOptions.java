package io.millrace.operators.shell;

import io.millrace.operators.ingress.EventTimes;
import java.io.Serializable;
import java.util.List;

/**
 * What every stage of a job must know of the job.
 *
 * @param family job family: learn, dictionary, ...
 * @param job name of the job
 * @param topics names of the input topics; events carry an index into this list. The partition of
 *     the first that a key's events come from is the key's home
 * @param times which event times are taken
 * @param bundle keys whose state is kept decoded between events; 1: none. Changes no bit
 * @param deadLetterBytes largest dead letter
 * @param compute who computes
 * @param maxKeys keys that a subtask may hold, see {@link KeyLimit}
 * @param submission what counts for a run that starts without state
 */
public record StageOptions(
    String family,
    String job,
    List<String> topics,
    EventTimes times,
    int bundle,
    int deadLetterBytes,
    ComputeOptions compute,
    long maxKeys,
    Submission submission)
    implements Serializable {
  public StageOptions {
    topics = List.copyOf(topics);
  }
}
