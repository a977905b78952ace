package io.millrace.core.supervised;

import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.Slots;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import java.util.ArrayList;
import java.util.List;

/** An optimizer's slots as blocks 1, 2, ... of a state, behind the parameters. Immutable. */
final class SlotTable {
  /** Goes before a slot's name in the state. */
  static final String PREFIX = "slot.";

  private final String[] names;
  private final boolean[] elementwise;
  private final long[] lengths;

  SlotTable(Optimizer optimizer, ParamLayout layout) {
    List<String> found = new ArrayList<>();
    List<Long> sizes = new ArrayList<>(); // -1: one double per parameter
    optimizer.declareSlots(
        layout,
        new Slots.Declaration() {
          @Override
          public void elementwise(String name) {
            found.add(name.intern());
            sizes.add(-1L);
          }

          @Override
          public void block(String name, long length) {
            found.add(name.intern());
            sizes.add(length);
          }
        });
    names = found.toArray(String[]::new);
    elementwise = new boolean[names.length];
    lengths = new long[names.length];
    for (int i = 0; i < names.length; i++) {
      elementwise[i] = sizes.get(i) < 0;
      lengths[i] = elementwise[i] ? layout.size() : sizes.get(i);
    }
  }

  int count() {
    return names.length;
  }

  boolean elementwise(int i) {
    return elementwise[i];
  }

  int length(int i) {
    return (int) lengths[i]; // A schema holds it, so it fits.
  }

  /** Position of a slot. A scan, first by identity: slots are few and their names literals. */
  int indexOf(String name) {
    for (int i = 0; i < names.length; i++) {
      if (names[i] == name) {
        return i;
      }
    }
    for (int i = 0; i < names.length; i++) {
      if (names[i].equals(name)) {
        return i;
      }
    }
    throw new IllegalStateException("slot '" + name + "' was not declared");
  }

  /** How many slots have a double for each parameter. */
  int elementwiseCount() {
    int n = 0;
    for (boolean e : elementwise) {
      n += e ? 1 : 0;
    }
    return n;
  }

  /**
   * Declares the slots.
   *
   * @param parameters that elementwise slots have in blocks of their own
   */
  void declare(StateSchema.Builder schema, int parameters) {
    for (int i = 0; i < names.length; i++) {
      schema.block(PREFIX + names[i], elementwise[i] ? parameters : lengths[i]);
    }
  }

  /** Slots by themselves, for so many parameters, all zero. */
  Detached detached(int parameters) {
    double[][] arrays = new double[names.length][];
    for (int i = 0; i < arrays.length; i++) {
      arrays[i] = new double[elementwise[i] ? parameters : length(i)];
    }
    return new Detached(this, arrays);
  }

  /** Slots that are no key's, before the first step. */
  record Detached(SlotTable table, double[][] arrays) implements Slots {
    @Override
    public double[] get(String name) {
      return arrays[table.indexOf(name)];
    }

    @Override
    public long steps() {
      return 0;
    }
  }

  /** The live slots of a state. */
  Slots of(LearnerState state) {
    return new Live(this, state);
  }

  private record Live(SlotTable table, LearnerState state) implements Slots {
    @Override
    public double[] get(String name) {
      return state.block(1 + table.indexOf(name));
    }

    @Override
    public long steps() {
      return state.steps();
    }
  }
}
