package io.millrace.bench.optimizer;

import io.millrace.bench.CpuClock;
import io.millrace.bench.Figures;
import io.millrace.bench.MemoryBandwidth;
import io.millrace.core.optim.OptimizerRun;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.SlotSizes;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Bytes moved per second by the steps of a method that works element by element. */
final class ElementwiseMeasurement {
  /** Doubles that a run in memory may take: what does not fit is measured on fewer parameters. */
  private static final long ROOM = 120_000_000;

  /** Vectors of a run beside its slots: parameters, gradients, scratch. */
  private static final int BESIDE = 6;

  /** Steps of a large vector before those that are timed. */
  private static final int FIRST_STEPS = 8;

  /** Steps of a small vector that are timed together: whole periods of the rules that have one. */
  private static final int BATCH = 4_000;

  private static final int BATCHES = 10;
  private static final int COUNTED_STEPS = 200;

  private final int inCache;
  private final int inMemory;
  private final int timedInMemory;
  private final double[][] sources;
  private final MemoryBandwidth memory;

  /**
   * A measurement of many methods.
   *
   * @param inCache parameters of the small vector
   * @param inMemory parameters of the large one
   * @param timedInMemory steps of the large one that are timed
   */
  ElementwiseMeasurement(int inCache, int inMemory, int timedInMemory) {
    this.inCache = inCache;
    this.inMemory = inMemory;
    this.timedInMemory = timedInMemory;
    this.sources = ReadyObjective.sources(Math.max(inCache, inMemory) + 1);
    this.memory = new MemoryBandwidth(inMemory);
  }

  Map<String, Object> measure(Subject subject) {
    Traffic traffic = Traffic.of(subject, Math.max(COUNTED_STEPS, FIRST_STEPS + timedInMemory));
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("optimizer", subject.spec().id());
    o.put("one-pass", traffic.onePass());
    o.put("least-doubles-per-parameter", traffic.mean());
    double copy = 0;
    for (int i = 0; i < 3; i++) {
      copy = Math.max(copy, memory.copy());
    }
    double nanos = inCache(subject);
    double cached = traffic.mean() * Double.BYTES * inCache / (nanos * 1e-9);
    o.put("cache-parameters", inCache);
    o.put("cache-nanoseconds-per-step", nanos);
    o.put("cache-bytes-per-second", cached);
    o.put("cache-share-of-copy-bandwidth", cached / copy);
    inMemory(subject, traffic, o);
    return o;
  }

  /** Nanoseconds of a step: of the best batch, since a busy machine compiles late. */
  private double inCache(Subject subject) {
    ParamLayout layout = ParamLayout.vector(inCache);
    OptimizerRun run = subject.run(layout, sources);
    ReadyObjective objective = Subject.objective(run, layout, sources);
    double rate = subject.spec().defaultLearningRate();
    double best = Double.POSITIVE_INFINITY;
    double[] nanos = new double[BATCH];
    for (int batch = 0; batch < BATCHES; batch++) {
      for (int t = 0; t < BATCH; t++) {
        objective.begin(run.steps());
        long start = System.nanoTime();
        run.step(objective, rate);
        nanos[t] = System.nanoTime() - start;
      }
      double limit = 5 * Figures.median(nanos); // those beyond were interrupted
      best = Math.min(best, Arrays.stream(nanos).filter(x -> x <= limit).average().orElseThrow());
    }
    return best - clock();
  }

  /** Nanoseconds that reading the clock twice adds. */
  private static double clock() {
    double[] nanos = new double[1_001];
    for (int i = 0; i < nanos.length; i++) {
      long start = System.nanoTime();
      nanos[i] = System.nanoTime() - start;
    }
    return Figures.median(nanos);
  }

  /** Every step between two copies. */
  private void inMemory(Subject subject, Traffic traffic, Map<String, Object> o) {
    int d = parameters(subject);
    ParamLayout layout = ParamLayout.vector(d);
    OptimizerRun run = subject.run(layout, sources);
    ReadyObjective objective = Subject.objective(run, layout, sources);
    double[] shares = new double[timedInMemory];
    double[] rates = new double[timedInMemory];
    double[] seconds = new double[timedInMemory];
    double copy = 0;
    for (int t = -FIRST_STEPS; t < timedInMemory; t++) {
      objective.begin(t + FIRST_STEPS);
      if (t == 0) {
        copy = memory.copy();
      }
      long start = CpuClock.nanos();
      run.step(objective, subject.spec().defaultLearningRate());
      double took = (CpuClock.nanos() - start) / 1e9;
      if (t >= 0) {
        double next = memory.copy();
        seconds[t] = took;
        rates[t] = traffic.perStep()[t + FIRST_STEPS] * Double.BYTES * d / took;
        shares[t] = rates[t] / ((copy + next) / 2);
        copy = next;
      }
    }
    o.put("memory-parameters", d);
    o.put("memory-seconds-per-step", Figures.median(seconds));
    o.put("memory-bytes-per-second", Figures.median(rates));
    o.put("memory-share-of-copy-bandwidth", Figures.summary(shares));
  }

  private int parameters(Subject subject) {
    double each =
        BESIDE + SlotSizes.of(subject.optimizer(), ParamLayout.vector(1 << 12)).perParameter();
    return (int) Math.min(inMemory, ROOM / each);
  }
}
