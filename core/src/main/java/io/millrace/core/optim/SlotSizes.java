package io.millrace.core.optim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Names and lengths of the slots that an optimizer declares for a layout. Nothing is allocated for
 * them.
 *
 * @param parameters length of the layout
 * @param elementwise slots with one double per parameter
 * @param blocks lengths of the others
 */
public record SlotSizes(int parameters, List<String> elementwise, Map<String, Long> blocks) {
  public SlotSizes {
    elementwise = List.copyOf(elementwise);
    blocks = Collections.unmodifiableMap(new LinkedHashMap<>(blocks));
  }

  /** Asks the optimizer. */
  public static SlotSizes of(Optimizer optimizer, ParamLayout layout) {
    List<String> elementwise = new ArrayList<>();
    Map<String, Long> blocks = new LinkedHashMap<>();
    optimizer.declareSlots(
        layout,
        new Slots.Declaration() {
          @Override
          public void elementwise(String name) {
            elementwise.add(name);
          }

          @Override
          public void block(String name, long length) {
            blocks.put(name, length);
          }
        });
    return new SlotSizes(layout.size(), elementwise, blocks);
  }

  /** Doubles kept per parameter, the parameter itself not counted. */
  public double perParameter() {
    long others = blocks.values().stream().mapToLong(Long::longValue).sum();
    return elementwise.size() + (double) others / parameters;
  }
}
