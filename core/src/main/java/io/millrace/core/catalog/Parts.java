package io.millrace.core.catalog;

import io.millrace.core.optim.PartSpec;
import io.millrace.core.optim.part.ClipByNorm;
import io.millrace.core.optim.part.ClipByValue;
import io.millrace.core.optim.part.DecoupledWeightDecay;
import io.millrace.core.optim.part.ElasticNet;
import io.millrace.core.optim.part.GradientNoise;
import io.millrace.core.optim.part.Mcp;
import io.millrace.core.optim.part.PolyakAveraging;
import io.millrace.core.optim.part.Scad;
import java.util.List;

/** Every part that can be put around an optimizer, in the order in which they are applied. */
public final class Parts {
  public static final List<PartSpec> ALL =
      List.of(
          ClipByValue.SPEC,
          ClipByNorm.SPEC,
          GradientNoise.SPEC,
          DecoupledWeightDecay.SPEC,
          ElasticNet.SPEC,
          Scad.SPEC,
          Mcp.SPEC,
          PolyakAveraging.SPEC);

  private Parts() {}
}
