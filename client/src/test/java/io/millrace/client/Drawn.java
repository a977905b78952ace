package io.millrace.client;

import io.millrace.core.features.InputSpec;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.model.Architecture;
import io.millrace.core.model.Loss;
import io.millrace.core.model.Losses;
import io.millrace.core.model.ModelOptions;
import io.millrace.core.model.Models;
import io.millrace.core.sample.posterior.DrawStatistics;
import io.millrace.core.sample.posterior.PosteriorForm;
import io.millrace.core.sample.posterior.Reliability;
import io.millrace.core.sample.posterior.ThinnedDraws;
import io.millrace.core.state.LearnerState;
import io.millrace.core.supervised.SupervisedLearner;
import io.millrace.core.supervised.SupervisedOptions;
import io.millrace.schemas.DType;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.Provenance;
import io.millrace.schemas.Tensor;
import io.millrace.schemas.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** A posterior with made-up draws, as a `sample` job would publish it. */
final class Drawn {
  static final int DIMENSION = 3;
  static final int CHAINS = 2;
  private static final List<String> NAMES = List.of("no", "yes", "may be");

  final SupervisedOptions options;
  final List<Architecture.Tensor> tensors;
  final List<double[]> draws = new ArrayList<>();
  private final DrawStatistics statistics;
  private final ThinnedDraws thinned;
  private final List<LearnerState> chains = new ArrayList<>();
  private final List<LearnerState> kept = new ArrayList<>();

  /** Draws of {@link #CHAINS} chains, of each as many as are kept. */
  Drawn(String loss, ModelOptions model, int drawsOfChain) {
    int classes = Map.of("logistic", 2, "softmax", 3).getOrDefault(loss, 0);
    InputSpec input =
        new InputSpec(
            InputSpec.Kind.DENSE,
            DIMENSION,
            0,
            Losses.spec(loss).target(),
            NAMES.subList(0, classes),
            1000);
    options = SupervisedOptions.builder(input, loss).model(model).build();
    Loss made = Losses.spec(loss).make().make(classes, Double.NaN);
    tensors = Models.make(model, made).tensors(DIMENSION);
    int d = (int) tensors.stream().mapToLong(Architecture.Tensor::size).sum();
    statistics = new DrawStatistics(d);
    thinned = new ThinnedDraws(d, drawsOfChain);
    Random random = new Random(3);
    for (int c = 0; c < CHAINS; c++) {
      chains.add(new LearnerState(statistics.schema()));
      kept.add(new LearnerState(thinned.schema()));
      for (int i = 0; i < drawsOfChain; i++) {
        double[] theta = random.doubles(d, -1, 1).toArray();
        draws.add(theta);
        statistics.add(chains.get(c), theta);
        thinned.add(kept.get(c), theta);
      }
    }
  }

  /** The posterior. */
  ModelSnapshot publish(long version, Reliability reliability, DType dtype) {
    Map<String, String> config = new TreeMap<>();
    List<Tensor> out = new ArrayList<>();
    ModelWriter writer = writer(config, out, dtype);
    SupervisedLearner.describe(options, writer);
    PosteriorForm.writeReliability(reliability, writer);
    PosteriorForm.writeClients(
        List.of("silo-a", "silo-b"), new long[] {7, 5}, new boolean[] {false, true}, writer);
    PosteriorForm.writeDraws(statistics, chains, thinned, kept, writer);
    return snapshot(version, config, out);
  }

  /** One draw as an ordinary model. */
  ModelSnapshot one(int draw) {
    Map<String, String> config = new TreeMap<>();
    List<Tensor> out = new ArrayList<>();
    ModelWriter writer = writer(config, out, DType.F64);
    SupervisedLearner.describe(options, writer);
    int at = 0;
    for (Architecture.Tensor t : tensors) {
      int end = at + (int) t.size();
      writer.tensor(t.name(), t.shape(), Arrays.copyOfRange(draws.get(draw), at, end));
      at = end;
    }
    return snapshot(1, config, out);
  }

  private static ModelWriter writer(Map<String, String> config, List<Tensor> out, DType dtype) {
    return new ModelWriter() {
      @Override
      public void config(String name, String value) {
        config.put(name, value);
      }

      @Override
      public void tensor(String name, int[] shape, double[] data) {
        out.add(Tensors.of(name, shape, data, dtype));
      }

      @Override
      public void exact(String name, int[] shape, double[] data) {
        out.add(Tensors.of(name, shape, data, DType.F64));
      }
    };
  }

  private static ModelSnapshot snapshot(
      long version, Map<String, String> config, List<Tensor> tensors) {
    return new ModelSnapshot(
        "k",
        1L,
        version,
        Snapshots.TIME,
        "sample",
        config,
        tensors,
        Map.of("draws", 16L),
        Map.of("rhat", 1.0),
        List.of(),
        new Provenance("sgld", 1, Map.of(), 0L, "scalar", "test", 1L, ""));
  }
}
