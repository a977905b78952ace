package io.millrace.core.monitor;

/** A group of metrics that a setting asks for. */
public enum Metrics {
  FADED(
      "faded",
      "accuracy, kappa, macro-F1, recall of each class, log-loss, or MAE, RMSE, R2 of numbers, beside"
          + " their baselines; events count less the longer ago they are"),
  RECENT("recent", "the same of the last events alone"),
  CALIBRATION(
      "calibration",
      "Brier score, calibration error and reliability of probabilities, and of two classes the area"
          + " under the ROC curve with its bound; faded"),
  RECENT_CALIBRATION("recent-calibration", "the same of the last events alone"),
  AUC("auc", "areas under the ROC and PR curves of the last events, exact; two classes");

  private final String id;
  private final String doc;

  Metrics(String id, String doc) {
    this.id = id;
    this.doc = doc;
  }

  /** As the job's YAML has it. */
  public String id() {
    return id;
  }

  /** What it is. */
  public String doc() {
    return doc;
  }
}
