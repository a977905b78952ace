package io.millrace.core.catalog;

import io.millrace.core.ConfigException;
import io.millrace.core.optim.ScheduleSpec;
import io.millrace.core.optim.schedule.Constant;
import io.millrace.core.optim.schedule.InverseSqrt;
import io.millrace.core.optim.schedule.InverseTime;
import io.millrace.core.optim.schedule.LinearDecay;
import io.millrace.core.optim.schedule.Refined;
import io.millrace.core.optim.schedule.WarmRestarts;
import io.millrace.core.optim.schedule.WarmupStableDecay;
import io.millrace.core.spec.Spec;
import java.util.List;

/** Every schedule of the learning rate, one line each. */
public final class Schedules {
  public static final List<ScheduleSpec> ALL =
      List.of(
          Constant.SPEC,
          WarmRestarts.SPEC,
          WarmupStableDecay.SPEC,
          LinearDecay.SPEC,
          InverseSqrt.SPEC,
          InverseTime.SPEC,
          Refined.SPEC);

  private Schedules() {}

  /**
   * Looks a schedule up.
   *
   * @throws ConfigException naming the known ones
   */
  public static ScheduleSpec spec(String id) {
    return Spec.find(ALL, id)
        .orElseThrow(
            () -> new ConfigException("no schedule '" + id + "'; known: " + Spec.ids(ALL)));
  }
}
