package io.millrace.operators.shell;

import io.millrace.operators.control.Orders;
import io.millrace.operators.handler.Key;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.journal.GroupOrders;
import io.millrace.operators.journal.Journal;
import io.millrace.state.GroupOrdersSerializer;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.KeyedStateBackend;

/**
 * The orders for all keys that each key group of a subtask has received: in state under the group's
 * name, and decoded beside it, because every event of a key asks for them.
 */
final class GroupStates {
  private final KeyedStateBackend<String> backend;
  private final ValueState<GroupOrders> state;
  private final Orders orders;
  private final GroupNames names;
  private final int first;
  private final GroupOrders[] groups;
  private final long[] targets;

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
    for (int i = 0; i < groups.length; i++) {
      backend.setCurrentKey(names.of(first + i));
      GroupOrders found = state.value();
      groups[i] = GroupOrders.NONE;
      if (found != null) {
        set(i, orders.review(found, first + i == 0));
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
