package io.millrace.tests.chaos;

import io.millrace.schemas.ControlCommand;
import io.millrace.tests.chaos.ExampleStream.Order;

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

  private static final String LEARN_TOPICS =
      "examples: %1$s, control: %1$s, labels: %1$s".formatted(Workbench.EVENTS);

  private static final String LEARNER =
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
      mini-batch: 4
      """;

  static final ChaosFamily LEARN =
      new ChaosFamily(
          (topic, events) ->
              new ExampleStream(
                  topic, events, true, new Order(ControlCommand.SET, "learning-rate", 0.005)),
          LEARN_TOPICS,
          null,
          false,
          LEARNER
              + """
              optimizer: {name: adam, learning-rate: 0.02}
              """);

  /**
   * One candidate is promoted and confirmed; half way another one is promoted by an order and does
   * worse; and one ends because it is worse. All of this takes more events of a key than any
   * verdict before {@code min-events} could leave room for.
   */
  static final ChaosFamily CANDIDATES =
      new ChaosFamily(
          (topic, events) ->
              new ExampleStream(
                  topic,
                  events,
                  true,
                  new Order(ControlCommand.SET, "learning-rate", 0.005),
                  new Order(ControlCommand.PROMOTE, "idle", 0)),
          LEARN_TOPICS,
          null,
          false,
          LEARNER
              + """
              optimizer: {name: sgd, learning-rate: 0.0005}
              candidates:
                idle: {optimizer: {learning-rate: 1.0e-9}}
                lazy: {optimizer: {learning-rate: 0.00001}}
                quick: {optimizer: {name: adam, learning-rate: 0.02}}
              gate: {min-events: 1900, probation: 300, drop-alpha: 1.0e-30}
              """);

  static final ChaosFamily DICTIONARY =
      new ChaosFamily(
          (topic, events) ->
              new ExampleStream(topic, events, false, new Order(ControlCommand.SET, "lambda", 0.2)),
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
