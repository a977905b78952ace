package io.millrace.operators.shell;

import io.millrace.operators.control.Orders;
import io.millrace.operators.handler.Key;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.ingress.TimeReader;
import io.millrace.operators.journal.GroupOrders;
import io.millrace.operators.journal.Journal;
import io.millrace.state.GroupOrdersSerializer;
import java.util.Arrays;
import java.util.Map;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.KeyedStateBackend;

/**
 * What each key group of a subtask has been told: the orders for all keys, and how far each
 * partition of the first topic has come in event time. In state under the group's name, and decoded
 * beside it, because every event of a key asks for it.
 */
final class GroupStates {
  private final KeyedStateBackend<String> backend;
  private final ValueState<GroupOrders> state;
  private final Orders orders;
  private final GroupNames names;
  private final int first;
  private final GroupOrders[] groups;
  private final long[] targets;
  private final MapState<Integer, Long> timesState;

  /** By group and partition. */
  private final long[][] times;

  private boolean anyTime;

  /** Reads what a restored job finds in its state. */
  GroupStates(
      FlinkKeyStorage.States states,
      KeyedStateBackend<String> backend,
      KeyGroupRange range,
      GroupNames names,
      Orders orders)
      throws Exception {
    this.backend = backend;
    this.state = states.of(new ValueStateDescriptor<>("orders", new GroupOrdersSerializer()));
    this.orders = orders;
    this.names = names;
    this.first = range.getStartKeyGroup();
    this.groups = new GroupOrders[range.getNumberOfKeyGroups()];
    this.targets = new long[groups.length];
    this.timesState =
        states.of(
            new MapStateDescriptor<>(
                "partition-times", IntSerializer.INSTANCE, LongSerializer.INSTANCE));
    this.times = new long[groups.length][0];
    for (int i = 0; i < groups.length; i++) {
      backend.setCurrentKey(names.of(first + i));
      GroupOrders found = state.value();
      groups[i] = GroupOrders.NONE;
      if (found != null) {
        set(i, orders.review(found, first + i == 0));
      }
      backend.setCurrentKey(names.of(first + i));
      for (Map.Entry<Integer, Long> e : timesState.entries()) {
        setTime(i, e.getKey(), e.getValue());
      }
    }
  }

  private int index(String key) {
    return KeyGroupRangeAssignment.assignToKeyGroup(key, names.size()) - first;
  }

  /** Keeps the orders of a group. Leaves the current key at the group's name. */
  private void set(int i, GroupOrders now) throws Exception {
    if (now != groups[i]) {
      groups[i] = now;
      backend.setCurrentKey(names.of(first + i));
      state.update(now);
    }
  }

  /** Takes an order on its way to a group; whether there is something to follow. */
  boolean take(RoutedEvent order) throws Exception {
    int i = index(order.key);
    GroupOrders before = groups[i];
    set(i, orders.take(order, before, order.topic == 0, first + i == 0));
    return groups[i] != before;
  }

  /** Takes note of how far a partition has come. */
  void takeTime(RoutedEvent e) throws Exception {
    int i = index(e.key);
    setTime(i, e.partition, e.timestamp);
    backend.setCurrentKey(e.key);
    timesState.put(e.partition, e.timestamp);
  }

  private void setTime(int i, int partition, long time) {
    int known = times[i].length;
    if (partition >= known) {
      times[i] = Arrays.copyOf(times[i], partition + 1);
      Arrays.fill(times[i], known, partition + 1, TimeReader.NONE);
    }
    times[i][partition] = time;
    anyTime = true;
  }

  /** Whether any group has been told of any partition. */
  boolean anyTime() {
    return anyTime;
  }

  /**
   * How far a partition has come, as the group of a key has been told; NONE: it has not.
   *
   * @param partition {@link Journal#NO_HOME}: that of the partitions which has come least far
   */
  long time(String key, int partition) {
    if (!anyTime) {
      return TimeReader.NONE;
    }
    long[] of = times[index(key)];
    if (partition != Journal.NO_HOME) {
      return partition < of.length ? of[partition] : TimeReader.NONE;
    }
    long least = Long.MAX_VALUE;
    for (long time : of) {
      least = time == TimeReader.NONE ? least : Math.min(least, time);
    }
    return least == Long.MAX_VALUE ? TimeReader.NONE : least;
  }

  /** Lets a key that has begun follow what it has not followed yet. */
  void catchUp(Key key) {
    GroupOrders group = groups[index(key.name())];
    if (key.journal().ordersSeen != group.taken()) {
      orders.follow(group, key);
    }
  }

  /** Gives a key that begins what its group has been ordered before. */
  void inherit(String key, Journal journal) {
    orders.inherit(groups[index(key)], journal);
  }

  /** Whether some key may have orders to follow. */
  boolean behind() {
    for (GroupOrders g : groups) {
      if (g.swept() < g.taken()) {
        return true;
      }
    }
    return false;
  }

  /** All keys are going to be visited. */
  void beginSweep() {
    for (int i = 0; i < groups.length; i++) {
      targets[i] = groups[i].taken();
    }
  }

  /** All keys have been visited since {@link #beginSweep}. */
  void endSweep() throws Exception {
    for (int i = 0; i < groups.length; i++) {
      if (groups[i].swept() < targets[i]) {
        set(i, groups[i].swept(targets[i]));
      }
    }
  }
}
