package io.millrace.core.bandit;

import io.millrace.core.state.StateSchema;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects the blocks of a policy. Those with a part for every arm say what becomes of it when an
 * arm starts from another one.
 */
public final class Blocks {
  /** What a new arm takes over from another one. */
  public enum Start {
    /** The part {@link ArmStart#share} of each number: counts and sums. */
    SHARE,

    /** Each number whole; an arm without another one starts at the mean of those eligible. */
    LEVEL,

    /** Nothing: the policy sets the numbers itself. */
    OWN
  }

  /**
   * A block with a part for every arm.
   *
   * @param stride numbers per arm, which lie together
   */
  record PerArm(int index, int stride, Start start) {}

  private final StateSchema.Builder schema = new StateSchema.Builder();
  private final List<PerArm> perArm = new ArrayList<>();
  private final int maxArms;
  private int count;

  /** The blocks that every policy has. */
  public Blocks(PolicyShape shape) {
    maxArms = shape.maxArms();
    perArm(AbstractPolicy.PULLS, 1, Start.SHARE);
    perArm(AbstractPolicy.COST_SUM, 1, Start.SHARE);
    perArm(AbstractPolicy.PRESENT, 1, Start.OWN);
    once(AbstractPolicy.LEARNED, 1);
  }

  /**
   * Declares a block with {@code stride} numbers for every arm.
   *
   * @return this
   */
  public Blocks perArm(String name, long stride, Start start) {
    schema.block(name, maxArms * stride);
    perArm.add(new PerArm(count, (int) Math.min(stride, Integer.MAX_VALUE), start));
    count++;
    return this;
  }

  /**
   * Declares a block of its own length.
   *
   * @return this
   */
  public Blocks once(String name, long length) {
    schema.block(name, length);
    count++;
    return this;
  }

  StateSchema schema() {
    return schema.build();
  }

  PerArm[] perArm() {
    return perArm.toArray(PerArm[]::new);
  }
}
