package io.millrace.cli.tune;

import io.millrace.cli.console.CommandFailed;
import io.millrace.client.Decision;
import io.millrace.client.TuneQuery;
import io.millrace.schemas.Control;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.ControlEcho;
import io.millrace.schemas.ControlOutcome;
import io.millrace.schemas.Metric;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * Tunes a hyperparameter of the models of a running job: the tuner of a model's key decides for a
 * value, an order sets it, and what it has cost is the model's mean loss over the next window of
 * metrics, every event of which was predicted under it.
 *
 * <pre>
 * metric -> decide -> order .. echo .. metric (mixed) .. metric: report its windowLoss -> decide -> ..
 * </pre>
 *
 * <p>The window in which an order is taken is of two values, so it counts for neither; a decision
 * for the value that is in force needs no order and costs no such window. Which window an order
 * fell into says its echo, which stands among the metrics of its key.
 *
 * <p>Nothing is kept that could be lost: whoever begins again decides anew, and the request before
 * ends without feedback. Not thread-safe.
 */
public final class LearnerTuning {
  /** Losses below count as this one, so that every loss has a logarithm. */
  static final double LEAST_LOSS = 1e-9;

  private static final String WINDOW_LOSS = "windowLoss";
  private static final String PREDICTED = "predicted";

  /** Where decisions come from and orders go. */
  public interface Ends {
    /** Asks a tuner. */
    Decision decide(TuneQuery query) throws InterruptedException;

    /** Reports what a decision has cost. */
    void report(Decision decision, double cost);

    /** Orders a model. */
    void order(Control order);
  }

  /**
   * A value that a hyperparameter may have.
   *
   * @param name of the tuner's arm
   */
  public record Arm(String name, double value) {}

  /**
   * A value has been judged, and another been decided for.
   *
   * @param predicted events of the key so far
   * @param before the value that was in force; NaN: of no decision here
   * @param loss mean over the window; NaN: nothing has been judged
   * @param next the value from now on
   */
  public record Step(String key, long predicted, double before, double loss, double next) {}

  /** What is known of a model. */
  private static final class Watched {
    long incarnation;
    long predicted = -1;

    /** Place of the arm in force. */
    int arm;

    /** In force, or ordered; null: none yet. */
    Decision decision;

    /** Number of the order whose echo has not come; 0: none. */
    long ordered;

    /** Whether the window that is being filled began under another value. */
    boolean mixed;
  }

  private final String setting;
  private final List<Arm> arms;
  private final int start;
  private final int reach;
  private final int contextLength;
  private final Ends ends;
  private final Map<String, Watched> keys = new HashMap<>();

  /**
   * A tuning.
   *
   * @param setting name of the hyperparameter
   * @param arms by ascending value
   * @param start place of the arm that is nearest to what a new model has
   * @param reach how many places further a decision may go, at least 1
   * @param contextLength numbers of a request's context: none, or one, the logarithm of the loss
   *     over the window before
   */
  public LearnerTuning(
      String setting, List<Arm> arms, int start, int reach, int contextLength, Ends ends) {
    this.setting = setting;
    this.arms = List.copyOf(arms);
    this.start = start;
    this.reach = reach;
    this.contextLength = contextLength;
    this.ends = ends;
  }

  /** Name under which orders are sent. */
  String origin() {
    return "tuner/" + setting;
  }

  /**
   * Takes a record of the metrics topic.
   *
   * @return what was judged and decided; null: nothing
   * @throws CommandFailed if the job refuses an order
   */
  public Step take(SpecificRecordBase record) throws InterruptedException {
    if (record instanceof ControlEcho echo && echo.getOrigin().equals(origin())) {
      answered(echo);
    }
    return record instanceof Metric metric ? judged(metric) : null;
  }

  private void answered(ControlEcho echo) {
    Watched w = keys.get(echo.getKey());
    if (w == null || echo.getSequence() != w.ordered) {
      return;
    }
    if (echo.getOutcome() == ControlOutcome.REFUSED) {
      throw new CommandFailed(
          "job '"
              + echo.getJob()
              + "' refused the order for '"
              + echo.getKey()
              + "': "
              + echo.getMessage());
    }
    w.ordered = 0;
  }

  private Step judged(Metric m) throws InterruptedException {
    Watched w = keys.computeIfAbsent(m.getKey(), k -> fresh(m));
    if (m.getIncarnation() != w.incarnation) {
      w = fresh(m);
      keys.put(m.getKey(), w);
    }
    long predicted = m.getCounters().getOrDefault(PREDICTED, 0L);
    Double loss = m.getValues().get(WINDOW_LOSS);
    if (predicted <= w.predicted || loss == null || w.ordered > 0) {
      return null; // seen before, nothing scored, or an order is on its way
    }
    w.predicted = predicted;
    if (w.mixed) {
      w.mixed = false;
      return null;
    }
    double before = Double.NaN;
    if (w.decision != null) {
      ends.report(w.decision, Math.max(LEAST_LOSS, loss));
      before = arms.get(w.arm).value();
    }
    decide(m.getKey(), w, loss);
    return new Step(
        m.getKey(),
        predicted,
        before,
        Double.isNaN(before) ? Double.NaN : loss,
        arms.get(w.arm).value());
  }

  private Watched fresh(Metric m) {
    Watched w = new Watched();
    w.incarnation = m.getIncarnation();
    w.arm = start;
    return w;
  }

  private void decide(String key, Watched w, double loss) throws InterruptedException {
    List<Arm> near =
        arms.subList(
            Math.max(0, w.arm - reach), (int) Math.min(arms.size(), (long) w.arm + reach + 1));
    double[] context =
        contextLength == 0
            ? new double[0]
            : new double[] {StrictMath.log(Math.max(LEAST_LOSS, loss))};
    boolean first = w.decision == null;
    w.decision =
        ends.decide(
            TuneQuery.of(key, context)
                .id(setting + "-" + w.incarnation + "-" + w.predicted)
                .arms(near.stream().map(Arm::name).toList()));
    int arm = place(w.decision.arm());
    if (first || arm != w.arm) {
      w.arm = arm;
      w.ordered = w.predicted;
      w.mixed = true;
      ends.order(
          new Control(
              key,
              ControlCommand.SET,
              setting,
              arms.get(arm).value(),
              Instant.EPOCH,
              origin(),
              w.predicted,
              0));
    }
  }

  private int place(String arm) {
    int at = 0;
    while (!arms.get(at).name().equals(arm)) {
      at++;
    }
    return at;
  }
}
