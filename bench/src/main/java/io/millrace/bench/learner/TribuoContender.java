package io.millrace.bench.learner;

import io.millrace.bench.samples.Samples;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.sgd.linear.LinearSGDTrainer;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.impl.ArrayExample;
import org.tribuo.math.optimisers.SGD;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/**
 * Tribuo's linear SGD: logistic loss, plain SGD, mini-batch 1, one epoch, no shuffling. Only {@code
 * train} is timed; the data set is built before.
 */
final class TribuoContender implements Contender {
  private static final Logger LOG = Logger.getLogger("org.tribuo");

  private final MutableDataset<Label> data;
  private final double rate;

  TribuoContender(Samples samples, double rate) {
    LOG.setLevel(Level.WARNING);
    this.rate = rate;
    LabelFactory factory = new LabelFactory();
    data =
        new MutableDataset<>(
            new SimpleDataSourceProvenance("generated", OffsetDateTime.now(), factory), factory);
    int k = samples.shape().perExample();
    String[] names = new String[samples.shape().dimension()];
    for (int i = 0; i < names.length; i++) {
      names[i] =
          String.format(Locale.ROOT, "f%07d", i); // the order of the names is that of the indices
    }
    Label[] labels = {new Label("0"), new Label("1")};
    for (int i = 0; i < samples.count(); i++) {
      String[] given = new String[k];
      double[] values = new double[k];
      for (int j = 0; j < k; j++) {
        given[j] = names[samples.shape().dense() ? j : samples.index(i, j)];
        values[j] = samples.value(i, j);
      }
      data.add(new ArrayExample<>(labels[samples.label(i)], given, values));
    }
  }

  @Override
  public String name() {
    return "tribuo";
  }

  @Override
  public Pass pass() {
    LinearSGDTrainer trainer =
        new LinearSGDTrainer(
            new LogMulticlass(), SGD.getSimpleSGD(rate), 1, Integer.MAX_VALUE, 1, 1L);
    trainer.setShuffle(false);
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long wall = System.nanoTime();
    long cpu = threads.getCurrentThreadCpuTime();
    int classes = trainer.train(data).getOutputIDInfo().size();
    cpu = threads.getCurrentThreadCpuTime() - cpu;
    wall = System.nanoTime() - wall;
    if (classes != 2) {
      throw new IllegalStateException("Tribuo saw " + classes + " classes");
    }
    return new Pass(cpu / 1e9, wall / 1e9);
  }
}
