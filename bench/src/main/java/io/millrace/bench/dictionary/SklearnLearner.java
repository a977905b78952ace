package io.millrace.bench.dictionary;

import io.millrace.bench.PythonPeer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * scikit-learn's MiniBatchDictionaryLearning with its coordinate-descent coder, or its
 * MiniBatchNMF.
 */
final class SklearnLearner implements SignalLearner {
  private final SignalTask task;
  private final PythonPeer peer;
  private final Path dictionaries;

  private SklearnLearner(SignalTask task, PythonPeer peer, Path dictionaries) {
    this.task = task;
    this.peer = peer;
    this.dictionaries = dictionaries;
  }

  /** The learner, or null where no Python with scikit-learn is there. */
  static SklearnLearner start(SignalTask task, Path workDir) throws IOException {
    Path signals = workDir.resolve("signals.bin");
    ByteBuffer bytes = little(task.train().length);
    bytes.asDoubleBuffer().put(task.train());
    Files.write(signals, bytes.array());
    Path dictionaries = workDir.resolve("dictionaries.bin");
    List<String> arguments =
        new ArrayList<>(
            List.of(
                signals.toString(),
                task.problem().word(),
                Integer.toString(task.dimension()),
                Integer.toString(task.atoms()),
                Integer.toString(task.batch()),
                Double.toString(task.lambda()),
                Integer.toString(task.passes()),
                dictionaries.toString()));
    task.marks().forEach(m -> arguments.add(Integer.toString(m)));
    PythonPeer peer =
        PythonPeer.start(SklearnLearner.class, "sklearn_dictionary.py", workDir, arguments);
    return peer == null ? null : new SklearnLearner(task, peer, dictionaries);
  }

  String version() {
    return peer.version();
  }

  @Override
  public String name() {
    return "scikit-learn";
  }

  @Override
  public Pass pass() throws IOException {
    String[] words = peer.ask();
    byte[] bytes = Files.readAllBytes(dictionaries);
    int size = task.atoms() * task.dimension();
    double[] found = new double[task.marks().size() * size];
    if (bytes.length != found.length * Double.BYTES) {
      throw new IOException(dictionaries + " has " + bytes.length + " bytes");
    }
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(found);
    double[] heldOut = new double[task.marks().size()];
    for (int i = 0; i < heldOut.length; i++) {
      heldOut[i] = task.heldOut(found, i * size);
    }
    return new Pass(Double.parseDouble(words[0]), Double.parseDouble(words[1]), heldOut);
  }

  @Override
  public void close() throws IOException {
    peer.close();
  }

  private static ByteBuffer little(int doubles) {
    return ByteBuffer.allocate(doubles * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }
}
