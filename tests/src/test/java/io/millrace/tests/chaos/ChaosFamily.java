package io.millrace.tests.chaos;

/**
 * A job family under chaos.
 *
 * @param labelled whether its events have labels, some of which come later
 * @param setting a hyperparameter that is changed half way
 * @param value what it is changed to
 * @param topics inputs and outputs of its own, as entries of the YAML's section
 * @param results topic behind the prefix with a record per event; null: none
 * @param settings the family's own part of the YAML
 */
record ChaosFamily(
    boolean labelled,
    String setting,
    double value,
    String topics,
    String results,
    String settings) {
  static final ChaosFamily LEARN =
      new ChaosFamily(
          true,
          "learning-rate",
          0.005,
          "labels: " + Workbench.EVENTS,
          null,
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
          false,
          "lambda",
          0.2,
          "",
          "codes",
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
}
