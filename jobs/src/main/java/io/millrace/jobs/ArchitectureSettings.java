package io.millrace.jobs;

import io.millrace.core.model.Activation;
import io.millrace.core.model.Models;
import java.util.Arrays;
import java.util.List;

/** Settings of what a model is built like, which families declare alike, each in its own table. */
final class ArchitectureSettings {
  private ArchitectureSettings() {}

  static Setting<List<Integer>> hidden(SettingTable table) {
    return table.add(
        Models.HIDDEN,
        "",
        "a list of whole numbers in [1, 65536]",
        "Units of each hidden layer of an mlp; 64 unless given.",
        s ->
            Arrays.stream(s.split(Document.SEPARATOR))
                .map(n -> (int) Values.integer(n, 1, 1 << 16))
                .toList());
  }

  static Setting<String> activation(SettingTable table) {
    return table.choice(
        Models.ACTIVATION,
        "",
        "Of the hidden units of an mlp; relu unless given.",
        Arrays.stream(Activation.values()).map(Activation::id).toArray(String[]::new));
  }

  static Setting<Integer> rank(SettingTable table) {
    return table.integer(
        Models.RANK, "", 1, 1 << 12, "Factors of each feature of an fm; 8 unless given.");
  }
}
