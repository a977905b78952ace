package io.millrace.bench.learner;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * scikit-learn's SGDClassifier, fed 1,000 rows a call, in a Python process of its own that learns
 * when told to: so its passes take turns with the others'.
 */
final class SklearnContender implements Contender {
  private static final int ROWS_PER_CALL = 1000;
  private static final List<String> PYTHONS = List.of("/usr/bin/python3", "python3");

  private final Process process;
  private final BufferedReader replies;
  private final String version;

  private SklearnContender(Process process, BufferedReader replies, String version) {
    this.process = process;
    this.replies = replies;
    this.version = version;
  }

  /** The contender, or null where no Python with scikit-learn is there. */
  static SklearnContender start(Samples samples, double rate, Path workDir) throws IOException {
    Path script = workDir.resolve("sklearn_sgd.py");
    try (InputStream in = SklearnContender.class.getResourceAsStream("sklearn_sgd.py")) {
      Files.copy(in, script, StandardCopyOption.REPLACE_EXISTING);
    }
    Path data = workDir.resolve(samples.shape.name() + ".bin");
    samples.write(data);
    for (String python : PYTHONS) {
      ProcessBuilder builder =
          new ProcessBuilder(
              python,
              script.toString(),
              data.toString(),
              Integer.toString(ROWS_PER_CALL),
              Double.toString(rate));
      builder.environment().put("OMP_NUM_THREADS", "1");
      builder.environment().put("OPENBLAS_NUM_THREADS", "1");
      builder.redirectError(workDir.resolve("sklearn.log").toFile());
      Process process;
      try {
        process = builder.start();
      } catch (IOException e) {
        continue; // this Python is not installed: the next one, or the peer is skipped with a line
      }
      BufferedReader replies = process.inputReader(StandardCharsets.UTF_8);
      String ready = replies.readLine();
      if (ready != null && ready.startsWith("ready ")) {
        return new SklearnContender(process, replies, ready.substring(6));
      }
      process.destroy();
    }
    return null;
  }

  String version() {
    return version;
  }

  @Override
  public String name() {
    return "scikit-learn";
  }

  @Override
  public Pass pass() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
    String reply = replies.readLine();
    if (reply == null) {
      throw new IOException("scikit-learn ended; see sklearn.log in the work directory");
    }
    String[] words = reply.split(" ");
    return new Pass(Double.parseDouble(words[0]), Double.parseDouble(words[1]));
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.destroy();
  }
}
