package io.millrace.bench.learner;

import io.millrace.bench.PythonPeer;
import io.millrace.bench.samples.Samples;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** scikit-learn's SGDClassifier, fed 1,000 rows a call. */
final class SklearnContender implements Contender {
  private static final int ROWS_PER_CALL = 1000;

  private final PythonPeer peer;

  private SklearnContender(PythonPeer peer) {
    this.peer = peer;
  }

  /** The contender, or null where no Python with scikit-learn is there. */
  static SklearnContender start(Samples samples, double rate, Path workDir) throws IOException {
    Path data = workDir.resolve(samples.shape().name() + ".bin");
    samples.write(data);
    PythonPeer peer =
        PythonPeer.start(
            SklearnContender.class,
            "sklearn_sgd.py",
            workDir,
            List.of(data.toString(), Integer.toString(ROWS_PER_CALL), Double.toString(rate)));
    return peer == null ? null : new SklearnContender(peer);
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
    return new Pass(Double.parseDouble(words[0]), Double.parseDouble(words[1]));
  }

  @Override
  public void close() throws IOException {
    peer.close();
  }
}
