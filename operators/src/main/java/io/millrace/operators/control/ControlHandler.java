package io.millrace.operators.control;

import io.millrace.core.ConfigException;
import io.millrace.core.spec.Hyper;
import io.millrace.operators.ingress.ControlReader;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.learner.KeyLife;
import io.millrace.operators.learner.KeyState;
import io.millrace.operators.learner.Learners;
import io.millrace.operators.metrics.LearnerMetrics;
import io.millrace.operators.publish.DeadLetterOffice;
import io.millrace.operators.publish.SnapshotPublisher;
import io.millrace.schemas.Control;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.Reason;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Carries out control events, for one key and for all. */
public final class ControlHandler {
  /** Origins remembered per key; beyond, the one first heard of is forgotten. */
  private static final int ORIGINS = 256;

  private final ControlReader reader;
  private final Learners learners;
  private final SnapshotPublisher snapshots;
  private final DeadLetterOffice deadLetters;
  private final LearnerMetrics metrics;

  public ControlHandler(
      List<String> topics,
      Learners learners,
      SnapshotPublisher snapshots,
      DeadLetterOffice deadLetters,
      LearnerMetrics metrics) {
    this.reader = new ControlReader(topics);
    this.learners = learners;
    this.snapshots = snapshots;
    this.deadLetters = deadLetters;
    this.metrics = metrics;
  }

  /**
   * Carries out a control for one key.
   *
   * @param s null: there is no such key
   */
  public void handle(RoutedEvent e, KeyState s, KeyLife life) {
    Control c = read(e, s, true);
    if (c == null) {
      return;
    }
    if (s == null) {
      deadLetters.send(
          e,
          null,
          Reason.CONTROL_FOR_ABSENT_KEY,
          deadLetters.address(e, -1) + ": there is no model '" + e.key + "' yet; send an example");
      return;
    }
    if (!isNews(s, c)) {
      metrics.controlsRepeated.inc();
      return;
    }
    String fault = c.getCommand() == ControlCommand.SET ? set(c, s) : null;
    if (fault != null) {
      deadLetters.send(e, s, Reason.BAD_HYPERPARAMETER, deadLetters.address(e, -1) + ": " + fault);
      return;
    }
    metrics.controls.inc();
    carryOut(c, s, e.key, life);
  }

  /**
   * Takes a control for all keys into the broadcast state.
   *
   * @param speak whether this subtask is the one to send the dead letter, if it becomes one
   * @return what each key is to be told by {@link #tell}; null: nothing
   */
  public Control handleForAll(RoutedEvent e, BroadcastControls all, boolean speak)
      throws Exception {
    Control c = read(e, null, speak);
    if (c == null) {
      return null;
    }
    Map<String, Double> candidate = new TreeMap<>(all.overrides());
    if (c.getCommand() == ControlCommand.SET) {
      candidate.put(name(c), c.getValue());
      String fault = fault(candidate);
      if (fault != null) {
        if (speak) {
          deadLetters.send(
              e, null, Reason.BAD_HYPERPARAMETER, deadLetters.address(e, -1) + ": " + fault);
        }
        return null;
      }
    }
    if (!all.isNews(c.getOrigin(), c.getSequence())) {
      metrics.controlsRepeated.inc();
      return null;
    }
    metrics.controls.inc();
    switch (c.getCommand()) {
      case SET -> all.set(name(c), c.getValue());
      case PAUSE -> all.setPaused(true);
      case RESUME -> all.setPaused(false);
      default -> {
        // RESET and SNAPSHOT are for the keys there are.
      }
    }
    all.taken();
    return c;
  }

  /** Carries out a control for all keys on one of them. */
  public void tell(Control c, RoutedEvent e, KeyState s, String key, KeyLife life) {
    String fault = c.getCommand() == ControlCommand.SET ? set(c, s) : null;
    if (fault != null) {
      deadLetters.send(
          e,
          s,
          Reason.BAD_HYPERPARAMETER,
          deadLetters.address(e, -1) + ": for model '" + key + "': " + fault);
      return;
    }
    carryOut(c, s, key, life);
  }

  private void carryOut(Control c, KeyState s, String key, KeyLife life) {
    s.controlEpoch++;
    switch (c.getCommand()) {
      case RESET -> life.reset(s, key);
      case PAUSE -> s.paused = true;
      case RESUME -> s.paused = false;
      case SNAPSHOT -> snapshots.publish(s, key, learners.of(s, key));
      default -> {
        // SET has been carried out by the check itself.
      }
    }
  }

  /** Reads and checks what needs no key; null: not usable, and said so. */
  private Control read(RoutedEvent e, KeyState s, boolean speak) {
    Reason reason = null;
    String message = null;
    if (!reader.read(e)) {
      reason = reader.reason();
      message = reader.message();
    } else if (reader.control().getCommand() == ControlCommand.SET) {
      Control c = reader.control();
      Hyper hyper = hyper(name(c));
      if (hyper == null) {
        reason = Reason.UNKNOWN_HYPERPARAMETER;
        message =
            deadLetters.address(e, -1)
                + ": "
                + learners.base().algorithm()
                + " has no hyperparameter '"
                + c.getName()
                + "'; it has "
                + learners.base().hyperparameters().stream().map(Hyper::name).toList();
      } else if (!hyper.range().contains(c.getValue())) {
        reason = Reason.BAD_HYPERPARAMETER;
        message =
            deadLetters.address(e, -1)
                + ": "
                + hyper.name()
                + " = "
                + c.getValue()
                + "; must lie in "
                + hyper.range();
      }
    }
    if (reason == null) {
      return reader.control();
    }
    if (speak) {
      deadLetters.send(e, s, reason, message);
    }
    return null;
  }

  private Hyper hyper(String name) {
    for (Hyper h : learners.base().hyperparameters()) {
      if (h.name().equals(name)) {
        return h;
      }
    }
    return null;
  }

  /** The hyperparameter's name, without the algorithm's in front of it. */
  private String name(Control c) {
    String prefix = learners.base().algorithm() + ".";
    String name = c.getName();
    return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
  }

  /** Sets a hyperparameter; what is wrong with it, or null. */
  private String set(Control c, KeyState s) {
    TreeMap<String, Double> candidate =
        s.overrides == null ? new TreeMap<>() : new TreeMap<>(s.overrides);
    candidate.put(name(c), c.getValue());
    String fault = fault(candidate);
    if (fault == null) {
      s.overrides = candidate;
      s.forgetInForce();
    }
    return fault;
  }

  private String fault(Map<String, Double> candidate) {
    try {
      learners.with(candidate);
      return null;
    } catch (ConfigException ex) {
      return ex.getMessage();
    }
  }

  private static boolean isNews(KeyState s, Control c) {
    if (c.getOrigin().isEmpty()) {
      return true;
    }
    if (s.origins == null) {
      s.origins = new LinkedHashMap<>();
    }
    Long last = s.origins.get(c.getOrigin());
    if (last != null && c.getSequence() <= last) {
      return false;
    }
    s.origins.put(c.getOrigin(), c.getSequence());
    if (s.origins.size() > ORIGINS) {
      s.origins.remove(s.origins.keySet().iterator().next());
    }
    return true;
  }
}
