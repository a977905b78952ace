package io.millrace.bench.learner;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.bench.Figures;
import io.millrace.bench.MemoryBandwidth;
import io.millrace.bench.samples.Events;
import io.millrace.bench.samples.Samples;
import io.millrace.bench.samples.Shape;
import io.millrace.core.scaling.Scaling;
import io.millrace.core.supervised.StateForm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Main class of the JVM in which one shape is measured: the just-in-time compiler then sees one
 * kind of rows, as in a job. Prints one JSON object on standard output.
 */
public final class ShapeMeasurement {
  private static final double RATE = 0.01;

  private ShapeMeasurement() {}

  /**
   * Measures.
   *
   * @param args shape, number of examples, repetitions, directory
   */
  public static void main(String[] args) throws IOException {
    Shape shape =
        List.of(Shape.DENSE_32, Shape.SPARSE_1000, Shape.SPARSE_2_18).stream()
            .filter(s -> s.name().equals(args[0]))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no shape " + args[0]));
    Samples samples = new Samples(shape, Integer.parseInt(args[1]), 1);
    Map<String, Object> report = measure(samples, Integer.parseInt(args[2]), Path.of(args[3]));
    System.out.println(new ObjectMapper().writeValueAsString(report));
  }

  private static Map<String, Object> measure(Samples samples, int repetitions, Path dir)
      throws IOException {
    MillraceContender ours = new MillraceContender("millrace", samples, RATE, Scaling.NONE);
    List<Contender> contenders = new ArrayList<>();
    contenders.add(ours);
    if (samples.shape().dense()) {
      contenders.add(
          new MillraceContender("millrace, scaling standard", samples, RATE, Scaling.STANDARD));
    } else {
      for (String optimizer : List.of("sgd", "adam", "rate_mixture")) {
        contenders.add(MillraceContender.ofForm(optimizer, samples, StateForm.DENSE));
        contenders.add(MillraceContender.ofForm(optimizer, samples, StateForm.SPARSE));
      }
    }
    contenders.add(new TribuoContender(samples, RATE));
    SklearnContender sklearn = SklearnContender.start(samples, RATE, dir);
    if (sklearn != null) {
      contenders.add(sklearn);
    }
    double[][] perCpuSecond = new double[contenders.size()][repetitions];
    double[][] perSecond = new double[contenders.size()][repetitions];
    for (int r = -2; r < repetitions; r++) { // two rounds warm up
      for (int c = 0; c < contenders.size(); c++) {
        Contender.Pass pass = contenders.get(c).pass();
        if (r >= 0) {
          perCpuSecond[c][r] = samples.count() / pass.cpuSeconds();
          perSecond[c][r] = samples.count() / pass.wallSeconds();
        }
      }
    }
    Map<String, Object> rates = new LinkedHashMap<>();
    double ownRate = Figures.median(perCpuSecond[0]);
    double fastestPeer = 0;
    for (int c = 0; c < contenders.size(); c++) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("examples-per-cpu-second", Figures.summary(perCpuSecond[c]));
      entry.put("examples-per-second", Figures.summary(perSecond[c]));
      if (contenders.get(c) instanceof MillraceContender own) {
        entry.put("state-bytes", own.stateBytes());
      }
      rates.put(contenders.get(c).name(), entry);
      if (!(contenders.get(c) instanceof MillraceContender)) {
        fastestPeer = Math.max(fastestPeer, Figures.median(perCpuSecond[c]));
      }
      contenders.get(c).close();
    }
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("shape", samples.shape().name());
    report.put("examples", samples.count());
    report.put("rates", rates);
    report.put("ratio-to-fastest-peer", ownRate / fastestPeer);
    report.put("scikit-learn", sklearn == null ? "absent: skipped" : sklearn.version());
    report.put("progressive-accuracy", ours.accuracy());
    report.put("nanoseconds-per-example", 1e9 / ownRate);
    report.put("least-bytes-per-example", samples.shape().leastBytesPerExample());
    double moved = ownRate * samples.shape().leastBytesPerExample();
    double copy = MemoryBandwidth.copyBytesPerSecond();
    report.put("bytes-moved-per-second", moved);
    report.put("copy-bandwidth-bytes-per-second", copy);
    report.put("share-of-copy-bandwidth", moved / copy);
    report.put("allocated-bytes-per-example", ours.allocatedBytesPerExample());
    report.put("state-bytes-per-key", ours.stateBytes());
    report.put("heap-bytes-per-key", ours.heapBytesPerKey());
    report.put("event-bytes", Events.bytesPerExample(samples.shape()));
    return report;
  }
}
