package io.millrace.operators.shell;

import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

/**
 * A key for each key group that Flink sends to that key group. What belongs to a group is sent and
 * kept under its name; a model that happens to have such a name keeps other states under it.
 */
final class GroupNames {
  private final String[] names;

  GroupNames(int maxParallelism) {
    names = new String[maxParallelism];
    int found = 0;
    for (int i = 0; found < names.length; i++) {
      String name = Integer.toString(i);
      int group = KeyGroupRangeAssignment.assignToKeyGroup(name, maxParallelism);
      if (names[group] == null) {
        names[group] = name;
        found++;
      }
    }
  }

  /** How many groups there are. */
  int size() {
    return names.length;
  }

  String of(int group) {
    return names[group];
  }
}
