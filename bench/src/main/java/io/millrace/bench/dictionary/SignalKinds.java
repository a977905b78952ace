package io.millrace.bench.dictionary;

import io.millrace.core.dictionary.learner.SignalScaling;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.PhiloxDraws;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Tasks on other kinds of signals than patches: digits, oscillations as of sensors, counts. */
final class SignalKinds {
  private static final int PIXELS = 64;
  private static final int DIGITS = 1_797;
  private static final int DIGITS_TRAINED = 1_536;

  private static final int SAMPLES = 64;
  private static final int WORDS = 200;
  private static final int TOPICS = 12;
  private static final int DOCUMENT = 120;
  private static final int TRAINED = 8_192;
  private static final int TESTED = 512;

  /** Topics of a document. */
  private static final int ABOUT = 3;

  private SignalKinds() {}

  static List<SignalTask> all() throws IOException {
    double[] digits = digits();
    double[] sensors = sensors();
    double[] counts = counts();
    return List.of(
        task("digits", Problem.LASSO, PIXELS, 64, 10, 0.15, digits, SignalScaling.CENTER_UNIT_NORM),
        task(
            "digits",
            Problem.NON_NEGATIVE_LASSO,
            PIXELS,
            40,
            10,
            0.1,
            digits,
            SignalScaling.UNIT_NORM),
        task("digits", Problem.KULLBACK_LEIBLER, PIXELS, 32, 10, 0, digits, SignalScaling.NONE),
        task(
            "sensors",
            Problem.LASSO,
            SAMPLES,
            96,
            2,
            0.15,
            sensors,
            SignalScaling.CENTER_UNIT_NORM),
        task("counts", Problem.LASSO, WORDS, 24, 2, 0.15, counts, SignalScaling.UNIT_NORM),
        task(
            "counts",
            Problem.NON_NEGATIVE_LASSO,
            WORDS,
            24,
            2,
            0.15,
            counts,
            SignalScaling.UNIT_NORM),
        task("counts", Problem.KULLBACK_LEIBLER, WORDS, TOPICS, 2, 0, counts, SignalScaling.NONE));
  }

  private static SignalTask task(
      String name,
      Problem problem,
      int dimension,
      int atoms,
      int passes,
      double lambda,
      double[] signals,
      SignalScaling scaling) {
    double[] x = signals.clone();
    int n = x.length / dimension;
    for (int r = 0; r < n; r++) {
      scaling.apply(x, r * dimension, dimension);
    }
    int trained = name.equals("digits") ? DIGITS_TRAINED : TRAINED;
    return new SignalTask(
        name,
        problem,
        dimension,
        atoms,
        256,
        passes,
        lambda,
        Arrays.copyOf(x, trained * dimension),
        Arrays.copyOfRange(x, trained * dimension, x.length),
        List.of(trained, passes * trained));
  }

  /** Handwritten digits, pixels from 0 to 16; see ORIGIN.md beside the file. */
  private static double[] digits() throws IOException {
    byte[] pixels;
    try (InputStream in = SignalKinds.class.getResourceAsStream("digits.gz");
        GZIPInputStream unzipped = new GZIPInputStream(in)) {
      pixels = unzipped.readAllBytes();
    }
    if (pixels.length != DIGITS * PIXELS) {
      throw new IOException("digits.gz has " + pixels.length + " pixels");
    }
    double[] x = new double[pixels.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = pixels[i];
    }
    return x;
  }

  /**
   * Three damped oscillations of a signal, each of one of six frequencies, begun anywhere, in
   * noise.
   */
  private static double[] sensors() {
    PhiloxDraws draws = new PhiloxDraws(1, "sensors");
    double[] x = new double[(TRAINED + TESTED) * SAMPLES];
    for (int r = 0; r < TRAINED + TESTED; r++) {
      Draws uniform = draws.at(r).fork(0);
      Draws noise = draws.at(r).fork(1);
      for (int o = 0; o < 3; o++) {
        double frequency = 2 * Math.PI * (2 + 3 * (int) (6 * uniform.uniform(4 * o))) / SAMPLES;
        double begin = uniform.uniform(4 * o + 1) * SAMPLES;
        double height = 0.5 + uniform.uniform(4 * o + 2);
        for (int i = 0; i < SAMPLES; i++) {
          double t = i - begin;
          if (t >= 0) {
            x[r * SAMPLES + i] += height * StrictMath.exp(-t / 12) * StrictMath.sin(frequency * t);
          }
        }
      }
      for (int i = 0; i < SAMPLES; i++) {
        x[r * SAMPLES + i] += 0.05 * noise.normal(i);
      }
    }
    return x;
  }

  /** Counts of 200 words in documents of 120, each about three of 12 topics. */
  private static double[] counts() {
    PhiloxDraws draws = new PhiloxDraws(1, "counts");
    Draws topics = draws.at(0).fork(2);
    double[][] words = new double[TOPICS][WORDS];
    for (int k = 0; k < TOPICS; k++) {
      double sum = 0;
      for (int w = 0; w < WORDS; w++) { // few words bear most of a topic
        double u = topics.uniform(k * WORDS + w);
        words[k][w] = StrictMath.pow(u, 8);
        sum += words[k][w];
      }
      for (int w = 0; w < WORDS; w++) {
        words[k][w] /= sum;
      }
    }
    double[] x = new double[(TRAINED + TESTED) * WORDS];
    for (int r = 0; r < TRAINED + TESTED; r++) {
      Draws uniform = draws.at(r).fork(0);
      Draws which = draws.at(r).fork(1);
      for (int i = 0; i < DOCUMENT; i++) {
        int about = which.index((int) (ABOUT * uniform.uniform(2 * i)), TOPICS);
        double u = uniform.uniform(2 * i + 1);
        int w = 0;
        double sum = words[about][0];
        while (w < WORDS - 1 && u >= sum) {
          sum += words[about][++w];
        }
        x[r * WORDS + w]++;
      }
    }
    return x;
  }
}
