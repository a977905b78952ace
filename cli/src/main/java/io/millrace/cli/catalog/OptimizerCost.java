package io.millrace.cli.catalog;

import io.millrace.core.catalog.Optimizers;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.Oracle;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.SlotSizes;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an optimizer costs at its defaults beside arithmetic: the memory of the slots that it
 * declares, and what it asks of the objective. Found out by asking and running it.
 *
 * @param vector slots for {@link #VECTOR}
 * @param matrix slots for {@link #MATRIX}
 * @param calls per step, by question
 */
public record OptimizerCost(SlotSizes vector, SlotSizes matrix, Map<Oracle, OracleCalls> calls) {
  private static final int SIDE = 64;

  /** A model with one output, for the size of slots. */
  public static final ParamLayout VECTOR = ParamLayout.vector(SIDE * SIDE);

  /** As many parameters in a square matrix. */
  public static final ParamLayout MATRIX =
      new ParamLayout(List.of(new ParamLayout.Block("theta", SIDE, SIDE, 0)));

  public static OptimizerCost of(OptimizerSpec spec) {
    Optimizer optimizer = Optimizers.configure(spec.id(), Map.of()).optimizer();
    return new OptimizerCost(
        SlotSizes.of(optimizer, VECTOR), SlotSizes.of(optimizer, MATRIX), OracleCalls.of(spec));
  }

  /** Doubles per parameter and whose they are, as a phrase. */
  public String memory() {
    String asVector = number(vector.perParameter());
    String asMatrix = number(matrix.perParameter());
    String amount = asMatrix + (asMatrix.equals("1") ? " double" : " doubles") + " per parameter";
    if (!asVector.equals(asMatrix)) {
      amount +=
          String.format(
              Locale.ROOT,
              " of a %dx%d matrix, %s of a vector of %d",
              SIDE,
              SIDE,
              asVector,
              VECTOR.size());
    }
    String slots =
        Stream.concat(vector.elementwise().stream(), vector.blocks().keySet().stream())
            .collect(Collectors.joining(", "));
    return slots.isEmpty() ? amount : amount + " (" + slots + ")";
  }

  /** Questions per step, as a phrase. */
  public String oracles() {
    return calls.entrySet().stream()
        .map(e -> e.getKey().title() + " " + times(e.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String times(OracleCalls c) {
    return c.least() == c.most()
        ? Integer.toString(c.least())
        : number(c.mean()) + " (" + c.least() + " to " + c.most() + ")";
  }

  /** Two digits behind the point, without trailing zeros. */
  private static String number(double v) {
    String s = String.format(Locale.ROOT, "%.2f", v);
    return s.replaceAll("\\.?0+$", "");
  }
}
