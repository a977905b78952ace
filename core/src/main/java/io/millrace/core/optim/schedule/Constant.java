package io.millrace.core.optim.schedule;

import io.millrace.core.optim.ScheduleSpec;
import io.millrace.core.spec.Source;
import java.util.List;

/** The learning rate itself at every step. */
public final class Constant {
  public static final ScheduleSpec SPEC =
      new ScheduleSpec(
          "constant",
          new Source("by definition", Source.Confidence.DERIVED),
          List.of(),
          (rate, values) -> step -> rate);

  private Constant() {}
}
