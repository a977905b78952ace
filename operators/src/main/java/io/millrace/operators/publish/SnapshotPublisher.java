package io.millrace.operators.publish;

import io.millrace.core.learn.ModelWriter;
import io.millrace.operators.journal.Journal;
import io.millrace.operators.metrics.Validation;
import io.millrace.operators.output.Channel;
import io.millrace.operators.output.OutRecord;
import io.millrace.operators.output.Outputs;
import io.millrace.schemas.DType;
import io.millrace.schemas.Deltas;
import io.millrace.schemas.InputPosition;
import io.millrace.schemas.ModelDelta;
import io.millrace.schemas.ModelRecord;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.PartCodec;
import io.millrace.schemas.Partitioner;
import io.millrace.schemas.Provenance;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.SnapshotCodec;
import io.millrace.schemas.Tensor;
import io.millrace.schemas.TensorChange;
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
import java.util.function.Supplier;
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

  /** Lets the time of a snapshot go by without one. */
  public void passOver(Journal j) {
    j.learnedAtSnapshot = j.learned;
    if (j.learned > 0) {
      j.timeAtSnapshot = j.learnedTime;
    }
  }

  /**
   * Publishes the whole model now, unless a number of it is not finite: a reader could do nothing
   * with it.
   *
   * @return the tensors published, empty: none were
   */
  public List<Tensor> publish(Journal j, String key, Source model) {
    return publish(j, key, model, List::of);
  }

  /**
   * Publishes now, the whole model or what has changed, unless a number of the model is not finite.
   *
   * @param before the tensors published last, empty: not known, so the whole model is published
   * @return the tensors of the version published, empty: none was
   */
  public List<Tensor> publish(Journal j, String key, Source model, Supplier<List<Tensor>> before) {
    passOver(j);
    Map<String, String> config = new TreeMap<>();
    List<Tensor> tensors = tensors(model::write, config::put, options.dtype());
    if (!tensors.stream().allMatch(Tensors::finite)) {
      return List.of();
    }
    j.version++;
    ModelSnapshot snapshot = snapshot(j, key, config, tensors, model);
    long described =
        options.fullEvery() > 1 ? Deltas.fingerprint(config, snapshot.getProvenance()) : 0;
    boolean mayBeDelta = j.described != 0 && j.deltas + 1 < options.fullEvery();
    if (!mayBeDelta || !delta(j, snapshot, before.get(), described)) {
      full(j, snapshot);
    }
    j.described = described;
    published.inc();
    return tensors;
  }

  /** Publishes a whole model. */
  private void full(Journal j, ModelSnapshot snapshot) {
    String key = snapshot.getKey();
    int place = Partitioner.hash(key.getBytes(StandardCharsets.UTF_8));
    byte[] bytes = SnapshotCodec.encode(snapshot);
    int slot = 1 - j.slot;
    List<ModelRecord> records =
        PartCodec.records(key, j.incarnation, j.version, slot, bytes, options.partBytes());
    for (ModelRecord r : records) {
      outputs.emit(Channel.MODELS, OutRecord.hashed(r.key(), r.value(), place));
    }
    boolean inParts = records.size() > 1 || PartCodec.parsePartKey(key) != null;
    // What is taken back comes behind the whole model: a reader in between still has the one
    // before.
    keep(j, key, place, slot, inParts ? records.size() : 0);
    keep(j, key, place, j.slot, records(j, j.slot) - j.deltas);
    j.slot = slot;
    j.deltas = 0;
  }

  /**
   * Publishes what has changed, if that is less than the model and fits a record.
   *
   * @param before the tensors published last, empty: not known
   * @param described of this version
   * @return whether it did
   */
  private boolean delta(Journal j, ModelSnapshot now, List<Tensor> before, long described) {
    List<TensorChange> changes = before.isEmpty() ? null : Deltas.changes(before, now.getTensors());
    if (changes == null || Deltas.changedBytes(changes) >= Deltas.bytes(now.getTensors())) {
      return false;
    }
    boolean same = described == j.described;
    ModelDelta delta =
        new ModelDelta(
            now.getKey(),
            now.getIncarnation(),
            now.getVersion(),
            now.getEventTime(),
            same ? null : now.getConfig(),
            changes,
            Deltas.checksum(now.getTensors()),
            now.getCounters(),
            now.getMetrics(),
            now.getInputs(),
            same ? null : now.getProvenance());
    byte[] bytes = SingleObject.encode(delta);
    if (bytes.length > options.partBytes()) {
      return false;
    }
    int place = Partitioner.hash(now.getKey().getBytes(StandardCharsets.UTF_8));
    int part = records(j, j.slot);
    byte[] recordKey = PartCodec.partKey(now.getKey(), j.slot, part);
    outputs.emit(Channel.MODELS, OutRecord.hashed(recordKey, bytes, place));
    keep(j, now.getKey(), place, j.slot, part + 1);
    j.deltas++;
    return true;
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

  /** Records under a slot's part keys. */
  private static int records(Journal j, int slot) {
    return slot == 0 ? j.evenParts : j.oddParts;
  }

  /**
   * Notes how many records stand under a slot's part keys. What stands behind them belongs to no
   * model any more and is taken back.
   */
  private void keep(Journal j, String key, int place, int slot, int records) {
    for (int part = records; part < records(j, slot); part++) {
      outputs.emit(
          Channel.MODELS, OutRecord.hashed(PartCodec.partKey(key, slot, part), null, place));
    }
    if (slot == 0) {
      j.evenParts = records;
    } else {
      j.oddParts = records;
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
      keep(j, key, place, slot, 0);
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
