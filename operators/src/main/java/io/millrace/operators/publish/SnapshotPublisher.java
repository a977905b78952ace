package io.millrace.operators.publish;

import io.millrace.core.learn.ModelWriter;
import io.millrace.operators.journal.Journal;
import io.millrace.operators.metrics.Validation;
import io.millrace.operators.output.Channel;
import io.millrace.operators.output.OutRecord;
import io.millrace.operators.output.Outputs;
import io.millrace.schemas.DType;
import io.millrace.schemas.InputPosition;
import io.millrace.schemas.ModelRecord;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.PartCodec;
import io.millrace.schemas.Partitioner;
import io.millrace.schemas.Provenance;
import io.millrace.schemas.SnapshotCodec;
import io.millrace.schemas.Tensor;
import io.millrace.schemas.Tensors;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.flink.metrics.Counter;

/**
 * Publishes models. Whether it is time is a function of what the key has learned, and all that goes
 * into a snapshot is state or configuration: the same events give the same bytes.
 */
public final class SnapshotPublisher {
  /** What a family publishes of a key. */
  public interface Source extends Validation.Model {
    /** Id of the algorithm. */
    String algorithm();

    /** Version of its state. */
    int stateVersion();

    /** Hyperparameters in force. */
    Map<String, Double> hyperparameters();

    /** Writes everything a reader needs to use the model. */
    void write(ModelWriter out);
  }

  private final SnapshotOptions options;
  private final String backend;
  private final long everyMillis;
  private final Outputs outputs;
  private final Counter published;

  /**
   * A publisher.
   *
   * @param backend id of the compute backend, for provenance
   * @param published counts snapshots
   */
  public SnapshotPublisher(
      SnapshotOptions options, String backend, Outputs outputs, Counter published) {
    this.options = options;
    this.backend = backend;
    this.everyMillis = options.every() == null ? 0 : options.every().toMillis();
    this.outputs = outputs;
    this.published = published;
  }

  /** Whether a snapshot is due. Asked after each step. */
  public boolean isDue(Journal j) {
    return options.everyExamples() > 0 && j.learned - j.learnedAtSnapshot >= options.everyExamples()
        || everyMillis > 0 && j.learnedTime - j.timeAtSnapshot >= everyMillis;
  }

  /**
   * Whether the end of the input is to publish what the key has learned since its last snapshot.
   */
  public boolean isDueAtEnd(Journal j) {
    return options.atEnd() && j.learned > j.learnedAtSnapshot;
  }

  /**
   * Publishes now, unless a number of the model is not finite: a reader could do nothing with it.
   *
   * @return the tensors published, empty: none were
   */
  public List<Tensor> publish(Journal j, String key, Source model) {
    j.learnedAtSnapshot = j.learned;
    if (j.learned > 0) {
      j.timeAtSnapshot = j.learnedTime;
    }
    Map<String, String> config = new TreeMap<>();
    List<Tensor> tensors = tensors(model::write, config::put, options.dtype());
    if (!tensors.stream().allMatch(Tensors::finite)) {
      return List.of();
    }
    j.version++;
    byte[] utf8 = key.getBytes(StandardCharsets.UTF_8);
    int place = Partitioner.hash(utf8);
    byte[] bytes = SnapshotCodec.encode(snapshot(j, key, config, tensors, model));
    List<ModelRecord> records =
        PartCodec.records(key, j.incarnation, j.version, bytes, options.partBytes());
    for (ModelRecord r : records) {
      outputs.emit(Channel.MODELS, OutRecord.hashed(r.key(), r.value(), place));
    }
    boolean inParts = records.size() > 1 || PartCodec.parsePartKey(key) != null;
    keepParts(j, key, place, inParts ? records.size() : 0);
    published.inc();
    return tensors;
  }

  /** The type in which tensors are published, statistics aside. */
  public DType type() {
    return options.dtype();
  }

  /**
   * The tensors of a model as they are published.
   *
   * @param config takes the settings
   * @param type of the elements, statistics aside
   */
  public static List<Tensor> tensors(
      Consumer<ModelWriter> model, BiConsumer<String, String> config, DType type) {
    List<Tensor> tensors = new ArrayList<>();
    model.accept(
        new ModelWriter() {
          @Override
          public void config(String name, String value) {
            config.accept(name, value);
          }

          @Override
          public void tensor(String name, int[] shape, double[] data) {
            tensors.add(Tensors.of(name, shape, data, type));
          }

          @Override
          public void exact(String name, int[] shape, double[] data) {
            tensors.add(Tensors.of(name, shape, data, DType.F64));
          }

          @Override
          public void rows(String name, int[] shape, int[] rows, double[] data) {
            tensors.add(Tensors.ofRows(name, shape, rows, data, type));
          }

          @Override
          public void exactRows(String name, int[] shape, int[] rows, double[] data) {
            tensors.add(Tensors.ofRows(name, shape, rows, data, DType.F64));
          }
        });
    return tensors;
  }

  /**
   * Notes how many parts the version has, 0: it is one record. Parts that an earlier version has
   * left behind them in the same slot belong to no model any more and are taken back.
   */
  private void keepParts(Journal j, String key, int place, int parts) {
    int slot = (int) (j.version % 2);
    int before = slot == 0 ? j.evenParts : j.oddParts;
    for (int part = parts; part < before; part++) {
      outputs.emit(
          Channel.MODELS, OutRecord.hashed(PartCodec.partKey(key, slot, part), null, place));
    }
    if (slot == 0) {
      j.evenParts = parts;
    } else {
      j.oddParts = parts;
    }
  }

  /**
   * Takes a forgotten key's model back: a tombstone for every record key it has in the topic. So
   * its versions may begin at 1 again, should the key return.
   */
  public void retract(Journal j, String key) {
    if (j.version == 0) {
      return;
    }
    byte[] utf8 = key.getBytes(StandardCharsets.UTF_8);
    int place = Partitioner.hash(utf8);
    if (PartCodec.parsePartKey(key) == null) { // else it would name a part of another model
      outputs.emit(Channel.MODELS, OutRecord.hashed(utf8, null, place));
    }
    for (int slot = 0; slot < 2; slot++) {
      int parts = slot == 0 ? j.evenParts : j.oddParts;
      for (int part = 0; part < parts; part++) {
        outputs.emit(
            Channel.MODELS, OutRecord.hashed(PartCodec.partKey(key, slot, part), null, place));
      }
    }
  }

  private ModelSnapshot snapshot(
      Journal j, String key, Map<String, String> config, List<Tensor> tensors, Source model) {
    Map<String, Long> counters = Validation.counters(j);
    Map<String, Double> values = new TreeMap<>();
    model.describe(counters, values);
    Validation.values(j, values);
    Provenance provenance =
        new Provenance(
            model.algorithm(),
            model.stateVersion(),
            new TreeMap<>(model.hyperparameters()),
            j.controlEpoch,
            backend,
            options.build(),
            options.seed(),
            j.parent);
    return new ModelSnapshot(
        key,
        j.incarnation,
        j.version,
        Instant.ofEpochMilli(j.learned > 0 ? j.learnedTime : j.eventTime),
        options.family(),
        config,
        tensors,
        counters,
        values,
        inputs(j),
        provenance);
  }

  /** The cut of the input that a key's model stands for. */
  public static List<InputPosition> inputs(Journal j) {
    List<InputPosition> inputs = new ArrayList<>(j.positions());
    for (int i = 0; i < j.positions(); i++) {
      inputs.add(
          new InputPosition(
              j.topicName(j.positionTopic(i)), j.positionPartition(i), j.positionOffset(i)));
    }
    inputs.sort(
        Comparator.comparing(InputPosition::getTopic).thenComparing(InputPosition::getPartition));
    return inputs;
  }
}
