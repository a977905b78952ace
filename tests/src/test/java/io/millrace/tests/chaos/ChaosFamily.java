package io.millrace.tests.chaos;

/**
 * A job family under chaos.
 *
 * @param streams what it reads
 * @param topics inputs and outputs, as entries of the YAML's section
 * @param results topic behind the prefix with a record per event; null: none
 * @param repeated whether a result may stand there more than once, with equal bytes
 * @param settings the family's own part of the YAML
 */
record ChaosFamily(
    Streams streams, String topics, String results, boolean repeated, String settings) {
  /** Makes a stream. */
  interface Streams {
    /**
     * A stream.
     *
     * @param events how many, about
     */
    ChaosStream of(String topic, int events);
  }

  static final ChaosFamily LEARN =
      new ChaosFamily(
          (topic, events) -> new ExampleStream(topic, events, true, "learning-rate", 0.005),
          "examples: %1$s, control: %1$s, labels: %1$s".formatted(Workbench.EVENTS),
          null,
          false,
          """
          job: learn
          model:
            kind: linear
            loss: logistic
            classes: ["no", "yes"]
          features:
            kind: dense
            dimension: 6
            scaling: standard
          optimizer:
            name: adam
            learning-rate: 0.02
          mini-batch: 4
          """);

  static final ChaosFamily DICTIONARY =
      new ChaosFamily(
          (topic, events) -> new ExampleStream(topic, events, false, "lambda", 0.2),
          "examples: %1$s, control: %1$s".formatted(Workbench.EVENTS),
          "codes",
          false,
          """
          job: dictionary
          features:
            kind: dense
            dimension: 6
          dictionary:
            atoms: 10
            lambda: 0.1
          mini-batch: 7
          codes:
            enabled: true
          """);

  static final ChaosFamily TUNE =
      new ChaosFamily(
          RequestStream::new,
          "tune: {requests: %s, feedback: none}, control: none".formatted(Workbench.EVENTS),
          "tune.decisions",
          true,
          """
          job: tune
          arms:
            names: [a=1, b=2, c=3, d=4]
          policy:
            name: tsallis_inf
            scaled: 0
          """);
}
