package io.millrace.jobs;

import io.millrace.core.dictionary.CoderSpec;
import io.millrace.core.dictionary.MethodSpec;
import io.millrace.core.dictionary.learner.Coders;
import io.millrace.core.dictionary.learner.Methods;
import io.millrace.core.dictionary.learner.SignalScaling;
import io.millrace.core.spec.Choice;
import io.millrace.operators.learner.Results;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Settings of the `dictionary` job beside the common ones. */
public final class DictionarySettings {
  private static final SettingTable TABLE = new SettingTable();

  public static final Setting<String> CODES = TABLE.topic(Results.CODES.channel());
  public static final Setting<Boolean> CODES_ENABLED =
      TABLE.flag("codes.enabled", "false", "Whether the code of every signal is published.");

  public static final Setting<String> SIGNALS =
      TABLE.choice(
          "features.kind",
          "dense",
          "How signals come; they are Examples without a label.",
          "dense",
          "sparse");
  public static final Setting<String> METHOD =
      TABLE.choice(
          "dictionary.method",
          Methods.ALL.get(0).id(),
          "How the dictionary is learned.",
          Methods.ALL.stream().map(MethodSpec::id).toArray(String[]::new));
  public static final Setting<Integer> ATOMS =
      TABLE.integer("dictionary.atoms", null, 1, 1 << 16, "Columns of the dictionary.");
  public static final Setting<String> SCALING =
      TABLE.choice(
          "dictionary.scaling",
          SignalScaling.UNIT_NORM.word(),
          "What is done to a signal first; the default lambda is meant for unit norm.",
          Arrays.stream(SignalScaling.values()).map(SignalScaling::word).toArray(String[]::new));
  public static final Setting<String> CODER =
      TABLE.choice(
          "dictionary.coder",
          "",
          "Sparse coder of a method that takes one; " + Coders.ALL.get(0).id() + " unless given.",
          Coders.ALL.stream().map(CoderSpec::id).toArray(String[]::new));
  public static final Setting<Integer> MINI_BATCH =
      TABLE.integer("mini-batch", "256", 1, 1 << 20, "Signals per step, counted per key.");

  /** Words of the method, and numbers of method and coder. */
  static final String VALUES =
      TABLE.values(
          "dictionary",
          Methods.ALL.stream()
              .flatMap(m -> m.choices().stream())
              .map(Choice::name)
              .collect(Collectors.toUnmodifiableSet()),
          "numbers, or words of the method | Settings of the method and the coder chosen:"
              + " docs/dictionaries.md.");

  private DictionarySettings() {}

  static SettingTable table() {
    return TABLE;
  }
}
