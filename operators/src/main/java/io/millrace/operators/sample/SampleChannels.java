package io.millrace.operators.sample;

import io.millrace.operators.output.Channel;

/** The two loops of a `sample` job. */
public final class SampleChannels {
  /** From the router to clients. */
  public static final Channel CHAINS =
      new Channel(
          "chains",
          Channel.Cleanup.DELETE,
          Channel.Delivery.AT_LEAST_ONCE,
          true,
          "ChainToken: a chain on its way to a client; SurrogateEpoch: what clients agree on");

  /** From clients to the router, and its clock. */
  public static final Channel DRAWS =
      new Channel(
          "draws",
          Channel.Cleanup.DELETE,
          Channel.Delivery.AT_LEAST_ONCE,
          true,
          "ChainDraws: what came of a visit; Surrogate: how a client describes its rows; SampleTick:"
              + " the clock of the posterior, and orders to it");

  private SampleChannels() {}
}
