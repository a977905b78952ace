package io.millrace.operators.learner;

import io.millrace.core.compute.Workspace;
import io.millrace.core.learn.StepBatch;
import java.util.Arrays;

/** Steps of many keys in one batch, and in a further one where there is no room. */
final class SharedSteps implements Steps {
  private final StepBatch batch;
  private int[] places = new int[16];

  SharedSteps(StepBatch batch) {
    this.batch = batch;
  }

  @Override
  public void take(Step[] due, int count, Workspace workspace) {
    if (places.length < count) {
      places = new int[count];
    }
    for (int from = 0; from < count; ) {
      from = takeFrom(due, from, count, workspace);
    }
  }

  /** Takes as many as there is room for; where the next ones begin. */
  private int takeFrom(Step[] due, int from, int count, Workspace workspace) {
    batch.begin();
    Arrays.fill(places, 0, count, StepBatch.ALONE);
    int to = from;
    for (; to < count; to++) {
      Step s = due[to];
      int place =
          s.outcome == null ? batch.add(s.learner, s.rows, s.key.read(s.model)) : StepBatch.ALONE;
      if (place == StepBatch.FULL) {
        break;
      }
      places[to] = place;
    }
    batch.share();
    for (int i = from; i < to; i++) {
      Step s = due[i];
      if (places[i] >= 0) {
        s.outcome =
            batch.take(places[i], s.learner, s.rows, s.key.write(s.model), s.key.name(), workspace);
      } else {
        Steps.takeOne(s, workspace);
      }
    }
    return to;
  }
}
