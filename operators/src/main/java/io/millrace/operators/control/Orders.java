package io.millrace.operators.control;

import io.millrace.core.spec.Hyper;
import io.millrace.operators.handler.Key;
import io.millrace.operators.handler.Steering;
import io.millrace.operators.ingress.ControlReader;
import io.millrace.operators.ingress.EventTimes;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.journal.GroupOrders;
import io.millrace.operators.journal.Journal;
import io.millrace.operators.metrics.StageMetrics;
import io.millrace.operators.output.Evidence;
import io.millrace.operators.publish.DeadLetterOffice;
import io.millrace.schemas.Control;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.ModelKeys;
import io.millrace.schemas.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Carries out orders, for one key and for all, and says of each what became of it: a refused one is
 * a dead letter, and every one has its echo.
 *
 * <p>An order for all keys comes once to every key group and is kept there. A key follows it when
 * it is next touched, by an event, a timer or the sweep that visits all keys after an order; so it
 * takes its place in the key's own sequence and no subtask stands still for it.
 */
public final class Orders {
  private final ControlReader reader;
  private final Steering steering;
  private final DeadLetterOffice letters;
  private final StageMetrics metrics;
  private final Echoes echoes;

  /**
   * Orders to a stage.
   *
   * @param topics names of the job's input topics
   * @param times which event times are taken
   */
  public Orders(
      List<String> topics,
      EventTimes times,
      Steering steering,
      DeadLetterOffice letters,
      StageMetrics metrics,
      Echoes echoes) {
    this.reader = new ControlReader(topics, times);
    this.steering = steering;
    this.letters = letters;
    this.metrics = metrics;
    this.echoes = echoes;
  }

  /**
   * Carries out an order for one key.
   *
   * @param key may not have begun
   */
  public void carryOut(RoutedEvent e, Key key) {
    Evidence evidence = letters.evidence(e);
    Control c = read(e);
    if (c == null) {
      letters.sendRead(evidence, key.journal(), reader.reason(), reader.message());
      return;
    }
    Refusal refusal = check(c);
    if (refusal == null && key.journal() == null) {
      refusal =
          new Refusal(
              Reason.CONTROL_FOR_ABSENT_KEY,
              "there is no model '" + key.name() + "' yet; send an example");
    }
    if (refusal == null && !key.journal().origins().isNews(c.getOrigin(), c.getSequence())) {
      metrics.controlsRepeated.inc();
      echoes.repeated(c, key.name(), key);
      return;
    }
    if (refusal == null) {
      refusal = apply(c, key);
    }
    if (refusal == null) {
      metrics.controls.inc();
      echoes.taken(c, key.name(), key);
    } else {
      refuse(c, evidence, refusal, key.name(), key);
    }
  }

  /**
   * Takes an order for all keys into a key group.
   *
   * @param orders of the group so far
   * @param copied whether it came by the first topic, of which each key has a home partition
   * @param speak whether this group is the one that answers for all
   * @return orders of the group from now on; the same object if nothing is to be followed
   */
  public GroupOrders take(RoutedEvent e, GroupOrders orders, boolean copied, boolean speak) {
    Evidence evidence = letters.evidence(e);
    Control c = read(e);
    if (c == null) {
      if (speak) {
        letters.sendRead(evidence, null, reader.reason(), reader.message());
      }
      return orders;
    }
    boolean copy = copied && c.getCopies() > 0;
    GroupOrders.Scope scope =
        copy ? new GroupOrders.Scope(e.partition, c.getCopies()) : GroupOrders.Scope.ALL;
    boolean answer = speak && (!copy || e.partition == 0);
    Refusal refusal = check(c);
    if (refusal == null && !orders.isNews(scope, c.getOrigin(), c.getSequence())) {
      if (answer) {
        metrics.controlsRepeated.inc();
        echoes.repeated(c, ModelKeys.ALL, null);
      }
      return orders;
    }
    if (refusal == null) {
      refusal = fault(c, null, orders.overrides(scope.partition()));
    }
    if (refusal != null) {
      if (speak) {
        refuse(c, evidence, refusal, ModelKeys.ALL, null);
      }
      return orders;
    }
    if (answer) {
      metrics.controls.inc();
      echoes.taken(c, ModelKeys.ALL, null);
    }
    return orders.with(scope, c, evidence);
  }

  /** Lets a key follow what its group has been ordered since it was last touched. */
  public void follow(GroupOrders orders, Key key) {
    Journal j = key.journal();
    for (GroupOrders.Order o : orders.orders()) {
      if (o.number() > j.ordersSeen && o.scope().covers(j.home)) {
        Refusal refusal = apply(o.control(), key);
        if (refusal == null) {
          metrics.controlsFollowed.inc();
        } else {
          String message = "for model '" + key.name() + "': " + refusal.message();
          refuse(
              o.control(), o.evidence(), new Refusal(refusal.reason(), message), key.name(), key);
        }
      }
    }
    j.ordersSeen = orders.taken();
  }

  /** Gives a key that begins what its group has been ordered before. */
  public void inherit(GroupOrders orders, Journal j) {
    Map<String, Double> values = orders.overrides(j.home);
    j.overrides = values.isEmpty() ? null : new TreeMap<>(values);
    j.paused = orders.paused(j.home);
    j.controlEpoch = orders.count(j.home);
    j.ordersSeen = orders.taken();
  }

  /**
   * Takes back hyperparameters that an order has set and the job's configuration no longer allows.
   * Called for every key that comes from state.
   */
  public void review(Key key) {
    Journal j = key.journal();
    if (j.overrides == null) {
      return;
    }
    for (Map.Entry<String, String> e : notAllowed(j.overrides).entrySet()) {
      echoes.dropped(e.getKey(), j.overrides.remove(e.getKey()), e.getValue(), key.name(), key);
      j.inForce = null;
    }
    if (j.overrides.isEmpty()) {
      j.overrides = null;
    }
  }

  /**
   * The same for what a key group has been ordered.
   *
   * @param speak whether this group is the one that answers for all
   */
  public GroupOrders review(GroupOrders orders, boolean speak) {
    Map<String, Double> values = new TreeMap<>();
    for (GroupOrders.Order o : orders.orders()) {
      if (o.control().getCommand() == ControlCommand.SET) {
        values.put(o.control().getName(), o.control().getValue());
      }
    }
    Map<String, String> faults = notAllowed(values);
    if (faults.isEmpty()) {
      return orders;
    }
    if (speak) {
      faults.forEach(
          (name, why) -> echoes.dropped(name, values.get(name), why, ModelKeys.ALL, null));
    }
    return orders.without(Set.copyOf(faults.keySet()));
  }

  /** Names that are not allowed, and why: each by itself, or all if they do not go together. */
  private Map<String, String> notAllowed(Map<String, Double> values) {
    Map<String, String> faults = new TreeMap<>();
    values.forEach(
        (name, value) -> {
          Hyper hyper = hyper(name);
          if (hyper == null) {
            faults.put(name, unknown(name));
          } else if (!hyper.range().contains(value)) {
            faults.put(name, outOfRange(hyper, value));
          }
        });
    if (faults.isEmpty()) {
      String fault = steering.fault(values);
      if (fault != null) {
        values.keySet().forEach(name -> faults.put(name, fault));
      }
    }
    return faults;
  }

  /** Carries out an order on a key that has begun. */
  private Refusal apply(Control c, Key key) {
    Journal j = key.journal();
    Map<String, Double> before = j.overrides == null ? Map.of() : j.overrides;
    Refusal refusal = fault(c, key, before);
    if (refusal == null) {
      refusal = impossible(c, key);
    }
    if (refusal != null) {
      return refusal;
    }
    j.controlEpoch++;
    switch (c.getCommand()) {
      case SET, UNSET -> {
        TreeMap<String, Double> values = with(c, before);
        j.overrides = values.isEmpty() ? null : values;
        j.inForce = null;
      }
      case RESET -> steering.reset(key);
      case PAUSE -> j.paused = true;
      case RESUME -> j.paused = false;
      case SNAPSHOT -> steering.publish(key);
      case PROMOTE -> steering.promote(key, c.getName());
      case ROLLBACK -> steering.rollBack(key);
      default -> throw new IllegalStateException("order " + c + " should have been refused");
    }
    return null;
  }

  /** Why what serves a key cannot be changed, or published, as ordered. */
  private Refusal impossible(Control c, Key key) {
    String why =
        switch (c.getCommand()) {
          case PROMOTE -> steering.cannotPromote(key, c.getName());
          case ROLLBACK -> steering.cannotRollBack(key);
          case SNAPSHOT -> steering.cannotPublish(key);
          default -> null;
        };
    return why == null ? null : new Refusal(Reason.UNKNOWN_CONTROL, why);
  }

  /**
   * What is wrong with the hyperparameters under an order.
   *
   * @param key null: it is for all
   */
  private Refusal fault(Control c, Key key, Map<String, Double> values) {
    boolean about = c.getCommand() == ControlCommand.SET || c.getCommand() == ControlCommand.UNSET;
    String fault = null;
    if (about) {
      Map<String, Double> then = with(c, values);
      fault = key == null ? steering.fault(then) : steering.fault(key, then);
    }
    return fault == null ? null : new Refusal(Reason.BAD_HYPERPARAMETER, fault);
  }

  private static TreeMap<String, Double> with(Control c, Map<String, Double> values) {
    TreeMap<String, Double> changed = new TreeMap<>(values);
    if (c.getCommand() == ControlCommand.SET) {
      changed.put(c.getName(), c.getValue());
    } else {
      changed.remove(c.getName());
    }
    return changed;
  }

  /** Why an order is refused; null: it is not. */
  private record Refusal(Reason reason, String message) {}

  private void refuse(Control c, Evidence evidence, Refusal refusal, String name, Key key) {
    Journal j = key == null ? null : key.journal();
    letters.send(evidence, j, refusal.reason(), refusal.message());
    echoes.refused(c, name, key, refusal.reason(), refusal.message());
  }

  /**
   * Reads an order. From here on its name of a hyperparameter is the family's own, and its event
   * time is there.
   *
   * @return null: not readable, and the reader says why
   */
  private Control read(RoutedEvent e) {
    if (!reader.read(e)) {
      return null;
    }
    Control c = reader.control();
    c.setEventTime(Instant.ofEpochMilli(reader.eventTime()));
    String prefix = steering.algorithm() + ".";
    if (c.getName().startsWith(prefix)) {
      c.setName(c.getName().substring(prefix.length()));
    }
    return c;
  }

  /** Checks what needs no key. */
  private Refusal check(Control c) {
    if (c.getCommand() == ControlCommand.PROMOTE || c.getCommand() == ControlCommand.ROLLBACK) {
      return checkCandidate(c);
    }
    if (c.getCommand() != ControlCommand.SET && c.getCommand() != ControlCommand.UNSET) {
      return null;
    }
    Hyper hyper = hyper(c.getName());
    if (hyper == null) {
      return new Refusal(Reason.UNKNOWN_HYPERPARAMETER, unknown(c.getName()));
    }
    if (c.getCommand() == ControlCommand.SET && !hyper.range().contains(c.getValue())) {
      return new Refusal(Reason.BAD_HYPERPARAMETER, outOfRange(hyper, c.getValue()));
    }
    return null;
  }

  private Refusal checkCandidate(Control c) {
    List<String> candidates = steering.candidates();
    boolean back = c.getCommand() == ControlCommand.ROLLBACK;
    if (back ? !steering.rollsBack() : candidates.isEmpty()) {
      return new Refusal(
          Reason.UNKNOWN_CONTROL,
          c.getCommand()
              + ": the job has no candidates; configure them under candidates"
              + (back ? ", or set gate.publishing to proven" : ""));
    }
    if (c.getCommand() == ControlCommand.PROMOTE && !candidates.contains(c.getName())) {
      return new Refusal(
          Reason.UNKNOWN_CONTROL,
          "PROMOTE: there is no candidate '" + c.getName() + "'; there are " + candidates);
    }
    return null;
  }

  private static String outOfRange(Hyper hyper, double value) {
    return hyper.name() + " = " + value + "; must lie in " + hyper.range();
  }

  private String unknown(String name) {
    return steering.algorithm()
        + " has no hyperparameter '"
        + name
        + "'; it has "
        + steering.hyperparameters().stream().map(Hyper::name).toList();
  }

  private Hyper hyper(String name) {
    for (Hyper h : steering.hyperparameters()) {
      if (h.name().equals(name)) {
        return h;
      }
    }
    return null;
  }
}
