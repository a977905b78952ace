package io.millrace.bench.drift;

import io.millrace.bench.CpuClock;
import io.millrace.core.compute.Workspace;
import io.millrace.core.drift.Detector;
import io.millrace.core.drift.DetectorContext;
import io.millrace.core.drift.DetectorSpec;
import io.millrace.core.drift.Signal;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.rng.Purpose;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A detector over streams of errors whose rate changes once: alarms before the change, and how soon
 * after it the first one comes.
 *
 * <pre>
 * precision = streams detected / (streams detected + false alarms)     recall = share detected
 * normalised delay = mean delay / events after the change, a change that is missed counting 1
 * </pre>
 */
final class DetectorTable {
  private static final int BEFORE = 5000;
  private static final int AFTER = 2000;

  private final int streams;

  DetectorTable(int streams) {
    this.streams = streams;
  }

  /** A detector over all streams whose rate goes from one to another. */
  Map<String, Object> row(DetectorSpec spec, double from, double to) {
    Detector detector = spec.byDefault();
    PhiloxDraws own = new PhiloxDraws(2, "detector");
    DetectorContext context = new DetectorContext(own.fork(Purpose.DRIFT), new Workspace());
    long falseAlarms = 0;
    int detected = 0;
    double delays = 0;
    long nanos = 0;
    double[] errors = new double[BEFORE + AFTER];
    for (int s = 0; s < streams; s++) {
      PhiloxDraws draws = new PhiloxDraws(1, "stream-" + s);
      for (int i = 0; i < errors.length; i++) {
        errors[i] = draws.coin(i, i < BEFORE ? from : to) ? 1 : 0;
      }
      double[] block = new double[detector.length()];
      int first = -1;
      long begun = CpuClock.nanos();
      for (int i = 0; i < errors.length && first < 0; i++) {
        own.at(i);
        Signal signal = detector.add(block, 0, errors[i], context);
        if (signal == Signal.ROSE || signal == Signal.FELL) {
          if (i < BEFORE) {
            falseAlarms++;
          } else {
            first = i - BEFORE + 1;
          }
        }
      }
      nanos += CpuClock.nanos() - begun;
      if (first > 0) {
        detected++;
        delays += first;
      }
    }
    double recall = (double) detected / streams;
    double precision =
        detected + falseAlarms == 0 ? 0 : detected / (double) (detected + falseAlarms);
    double events = (double) streams * BEFORE + delays + (double) (streams - detected) * AFTER;
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("detector", spec.id());
    row.put("from", from);
    row.put("to", to);
    row.put("false-alarms-per-10000", 1e4 * falseAlarms / ((double) streams * BEFORE));
    row.put("detected", recall);
    row.put("mean-delay", detected == 0 ? Double.NaN : delays / detected);
    row.put("normalised-delay", (delays / AFTER + streams - detected) / streams);
    row.put("f1", recall + precision == 0 ? 0 : 2 * recall * precision / (recall + precision));
    row.put("nanoseconds", nanos / events);
    row.put("state-bytes", (long) Double.BYTES * detector.length());
    return row;
  }
}
