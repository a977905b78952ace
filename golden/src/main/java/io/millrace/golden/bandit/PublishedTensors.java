package io.millrace.golden.bandit;

import io.millrace.core.learn.ModelWriter;
import java.util.HashMap;
import java.util.Map;

/** What a policy publishes, by name. */
final class PublishedTensors implements ModelWriter {
  private final Map<String, double[]> tensors = new HashMap<>();

  @Override
  public void config(String name, String value) {
    // Settings are those of the file.
  }

  @Override
  public void tensor(String name, int[] shape, double[] data) {
    tensors.put(name, data.clone());
  }

  /** A tensor that the policy always publishes. */
  double[] get(String name) {
    double[] data = tensors.get(name);
    if (data == null) {
      throw new IllegalStateException("no tensor '" + name + "'; published: " + tensors.keySet());
    }
    return data;
  }
}
