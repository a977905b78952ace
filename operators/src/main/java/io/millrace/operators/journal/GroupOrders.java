package io.millrace.operators.journal;

import io.millrace.operators.output.Evidence;
import io.millrace.schemas.Control;
import io.millrace.schemas.ControlCommand;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The orders for all keys that a key group has received, in order of arrival: those that some of
 * its keys may not have followed yet, and those that keys which begin later follow. Each key
 * remembers how far it has read ({@link Journal#ordersSeen}) and catches up when it is next
 * touched. When all keys have caught up, the orders that no later key follows are forgotten.
 *
 * <p>An order has a scope. One that stands alone is for all keys. One of several copies, each in
 * another partition of the examples topic, is for the keys of its partition, so that its place
 * among a key's events is the same in every run.
 *
 * <p>Immutable.
 */
public final class GroupOrders {
  /** No orders. */
  public static final GroupOrders NONE =
      new GroupOrders(0, 0, List.of(), Map.of(), new TreeMap<>());

  /** Origins remembered per scope. */
  static final int ORIGINS = 16;

  private final long taken;
  private final long swept;
  private final List<Order> orders;
  private final Map<Scope, Long> counts;
  private final Map<Scope, Origins> origins;

  /**
   * Which keys an order is for.
   *
   * @param partition of the copy; -1: the order stands alone
   * @param copies how many there are; 0: the order stands alone
   */
  public record Scope(int partition, int copies) implements Comparable<Scope> {
    /** Every key. */
    public static final Scope ALL = new Scope(-1, 0);

    /**
     * Whether keys of a partition are meant. A partition that was added since the copies were
     * written belongs to one of them.
     */
    public boolean covers(int home) {
      if (copies == 0) {
        return true;
      }
      int at = home < 0 ? 0 : home;
      return at == partition || at >= copies && at % copies == partition;
    }

    @Override
    public int compareTo(Scope o) {
      return copies != o.copies
          ? Integer.compare(copies, o.copies)
          : Integer.compare(partition, o.partition);
    }
  }

  /**
   * An order taken.
   *
   * @param number from 1, in order of arrival
   * @param evidence the record it came as, for keys that must refuse it
   */
  public record Order(long number, Scope scope, Control control, Evidence evidence) {
    /** Whether keys that begin later follow it too. */
    boolean stands() {
      return standing() != null;
    }

    /** What a later order must be about to replace this one; null: this one does not stand. */
    private String standing() {
      return switch (control.getCommand()) {
        case SET, UNSET -> "=" + control.getName();
        case PAUSE, RESUME -> "pause";
        default -> null;
      };
    }
  }

  GroupOrders(
      long taken,
      long swept,
      List<Order> orders,
      Map<Scope, Long> counts,
      Map<Scope, Origins> origins) {
    this.taken = taken;
    this.swept = swept;
    this.orders = orders;
    this.counts = counts;
    this.origins = origins;
  }

  /** Number of the last order. */
  public long taken() {
    return taken;
  }

  /** Every key has followed the orders up to this number. */
  public long swept() {
    return swept;
  }

  /** Orders kept, in order of arrival. */
  public List<Order> orders() {
    return orders;
  }

  Map<Scope, Long> counts() {
    return counts;
  }

  Map<Scope, Origins> origins() {
    return origins;
  }

  /** Whether an order is news within its scope, by origin and sequence. */
  public boolean isNews(Scope scope, String origin, long sequence) {
    Origins known = origins.get(scope);
    return known == null || known.copy().isNews(origin, sequence);
  }

  /** With one more order. */
  public GroupOrders with(Scope scope, Control control, Evidence evidence) {
    List<Order> more = new ArrayList<>(orders);
    more.add(new Order(taken + 1, scope, control, evidence));
    Map<Scope, Long> counted = new TreeMap<>(counts);
    counted.merge(scope, 1L, Long::sum);
    Map<Scope, Origins> known = new TreeMap<>(origins);
    Origins of = known.containsKey(scope) ? known.get(scope).copy() : new Origins(ORIGINS);
    of.isNews(control.getOrigin(), control.getSequence());
    known.put(scope, of);
    return new GroupOrders(taken + 1, swept, List.copyOf(more), counted, known);
  }

  /**
   * After every key has followed the orders up to a number: what no key to come follows is
   * forgotten.
   */
  public GroupOrders swept(long number) {
    List<Order> kept = new ArrayList<>();
    Set<List<Object>> replaced = new HashSet<>();
    for (int i = orders.size() - 1; i >= 0; i--) {
      Order o = orders.get(i);
      boolean newest = o.stands() && replaced.add(List.of(o.scope, o.standing()));
      if (newest || o.number > number) {
        kept.add(0, o);
      }
    }
    return new GroupOrders(taken, Math.max(swept, number), List.copyOf(kept), counts, origins);
  }

  /** Without the orders that set these hyperparameters. */
  public GroupOrders without(Set<String> names) {
    List<Order> kept =
        orders.stream()
            .filter(
                o ->
                    o.control.getCommand() != ControlCommand.SET
                        || !names.contains(o.control.getName()))
            .toList();
    return new GroupOrders(taken, swept, kept, counts, origins);
  }

  /** How many orders the keys of a partition have been given. */
  public long count(int home) {
    long n = 0;
    for (Map.Entry<Scope, Long> e : counts.entrySet()) {
      n += e.getKey().covers(home) ? e.getValue() : 0;
    }
    return n;
  }

  /** Hyperparameters in force for keys of a partition that begin now, by name. */
  public Map<String, Double> overrides(int home) {
    Map<String, Double> values = new LinkedHashMap<>();
    for (Order o : orders) {
      if (o.scope.covers(home)) {
        if (o.control.getCommand() == ControlCommand.SET) {
          values.put(o.control.getName(), o.control.getValue());
        } else if (o.control.getCommand() == ControlCommand.UNSET) {
          values.remove(o.control.getName());
        }
      }
    }
    return values;
  }

  /** Whether keys of a partition that begin now are paused. */
  public boolean paused(int home) {
    boolean paused = false;
    for (Order o : orders) {
      if (o.scope.covers(home)) {
        switch (o.control.getCommand()) {
          case PAUSE -> paused = true;
          case RESUME -> paused = false;
          default -> {
            // about something else
          }
        }
      }
    }
    return paused;
  }
}
