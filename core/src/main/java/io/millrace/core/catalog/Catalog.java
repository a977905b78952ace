package io.millrace.core.catalog;

import io.millrace.core.ConfigException;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.PartSpec;
import io.millrace.core.optim.ScheduleSpec;
import io.millrace.core.optim.adaptive.AdEmaMix;
import io.millrace.core.optim.adaptive.AdaGrad;
import io.millrace.core.optim.adaptive.AdaMomentum;
import io.millrace.core.optim.adaptive.Adam;
import io.millrace.core.optim.adaptive.AdamW;
import io.millrace.core.optim.adaptive.Aegd;
import io.millrace.core.optim.adaptive.AegdW;
import io.millrace.core.optim.adaptive.AmsGrad;
import io.millrace.core.optim.adaptive.DiffGrad;
import io.millrace.core.optim.adaptive.Oasis;
import io.millrace.core.optim.adaptive.OptAmsGrad;
import io.millrace.core.optim.adaptive.PreconditionedAegd;
import io.millrace.core.optim.adaptive.RmsProp;
import io.millrace.core.optim.adaptive.XGradAdam;
import io.millrace.core.optim.adaptive.XGradAdamW;
import io.millrace.core.optim.firstorder.Gravity;
import io.millrace.core.optim.firstorder.Lion;
import io.millrace.core.optim.firstorder.Momentum;
import io.millrace.core.optim.firstorder.Nag4;
import io.millrace.core.optim.firstorder.NagGs;
import io.millrace.core.optim.firstorder.Nesterov;
import io.millrace.core.optim.firstorder.NormalizedGd;
import io.millrace.core.optim.firstorder.Sgd;
import io.millrace.core.optim.firstorder.Smb;
import io.millrace.core.optim.firstorder.XGradSgdm;
import io.millrace.core.optim.parameterfree.ADog;
import io.millrace.core.optim.parameterfree.Dog;
import io.millrace.core.optim.parameterfree.LDog;
import io.millrace.core.optim.parameterfree.RateMixture;
import io.millrace.core.optim.parameterfree.ScheduleFreeAdamW;
import io.millrace.core.optim.parameterfree.ScheduleFreeSgd;
import io.millrace.core.optim.part.ClipByNorm;
import io.millrace.core.optim.part.ClipByValue;
import io.millrace.core.optim.part.DecoupledWeightDecay;
import io.millrace.core.optim.part.ElasticNet;
import io.millrace.core.optim.part.GradientNoise;
import io.millrace.core.optim.part.Mcp;
import io.millrace.core.optim.part.PolyakAveraging;
import io.millrace.core.optim.part.Scad;
import io.millrace.core.optim.polyak.AlrShb;
import io.millrace.core.optim.polyak.AlrSmag;
import io.millrace.core.optim.polyak.PspsHutchinson;
import io.millrace.core.optim.polyak.SaniaAdaGradSqr;
import io.millrace.core.optim.polyak.SaniaAdamSqr;
import io.millrace.core.optim.polyak.SpsMax;
import io.millrace.core.optim.proximal.FtrlProximal;
import io.millrace.core.optim.proximal.NonconvexAg;
import io.millrace.core.optim.schedule.Constant;
import io.millrace.core.optim.schedule.InverseSqrt;
import io.millrace.core.optim.schedule.InverseTime;
import io.millrace.core.optim.schedule.LinearDecay;
import io.millrace.core.optim.schedule.WarmRestarts;
import io.millrace.core.optim.schedule.WarmupStableDecay;
import io.millrace.core.optim.secondorder.AdaFisherLinear;
import io.millrace.core.optim.secondorder.AdaHessian;
import io.millrace.core.optim.secondorder.EfcpTopkMfac;
import io.millrace.core.optim.secondorder.Egn;
import io.millrace.core.optim.secondorder.MFac;
import io.millrace.core.optim.secondorder.MkorLinear;
import io.millrace.core.optim.secondorder.PsgdDenseNewton;
import io.millrace.core.optim.secondorder.PsgdLraWhiten;
import io.millrace.core.optim.secondorder.Shampoo;
import io.millrace.core.optim.structured.Auon;
import io.millrace.core.optim.structured.Dion;
import io.millrace.core.optim.structured.GrassTopR;
import io.millrace.core.optim.structured.OnlineSubspaceDescent;
import io.millrace.core.optim.structured.SubsetNormAdam;
import io.millrace.core.optim.structured.SubsetNormSubspaceMomentum;
import io.millrace.core.optim.variance.CyclicBlockVr;
import io.millrace.core.optim.variance.MarsAdamW;
import io.millrace.core.optim.variance.MarsAdamWExact;
import io.millrace.core.optim.variance.MarsLion;
import io.millrace.core.optim.variance.MarsShampoo;
import io.millrace.core.optim.variance.Page;
import io.millrace.core.optim.variance.Saga;
import io.millrace.core.optim.variance.SpiderNormalized;
import io.millrace.core.optim.variance.Storm;
import io.millrace.core.optim.variance.StreamingSvrg;
import io.millrace.core.optim.variance.Svrg;
import java.util.List;

/** Every optimizer, part and schedule there is, one line each. */
public final class Catalog {
  public static final List<OptimizerSpec> OPTIMIZERS =
      List.of(
          Sgd.SPEC,
          Momentum.SPEC,
          Nesterov.SPEC,
          Lion.SPEC,
          NormalizedGd.SPEC,
          Gravity.SPEC,
          NagGs.SPEC,
          Nag4.SPEC,
          Smb.SPEC,
          XGradSgdm.SPEC,
          AdaGrad.SPEC,
          RmsProp.SPEC,
          Adam.SPEC,
          AdamW.SPEC,
          AmsGrad.SPEC,
          AdEmaMix.SPEC,
          DiffGrad.SPEC,
          AdaMomentum.SPEC,
          OptAmsGrad.SPEC,
          Aegd.SPEC,
          AegdW.SPEC,
          PreconditionedAegd.SPEC,
          Oasis.SPEC,
          XGradAdam.SPEC,
          XGradAdamW.SPEC,
          ScheduleFreeSgd.SPEC,
          ScheduleFreeAdamW.SPEC,
          Dog.SPEC,
          LDog.SPEC,
          ADog.SPEC,
          RateMixture.SPEC,
          SpsMax.SPEC,
          AlrSmag.SPEC,
          AlrShb.SPEC,
          PspsHutchinson.SPEC,
          SaniaAdaGradSqr.SPEC,
          SaniaAdamSqr.SPEC,
          FtrlProximal.SPEC,
          NonconvexAg.SPEC,
          MarsAdamW.SPEC,
          MarsAdamWExact.SPEC,
          MarsLion.SPEC,
          MarsShampoo.SPEC,
          Storm.SPEC,
          Page.SPEC,
          SpiderNormalized.SPEC,
          CyclicBlockVr.SPEC,
          StreamingSvrg.SPEC,
          Svrg.SPEC,
          Saga.SPEC,
          SubsetNormAdam.SPEC,
          SubsetNormSubspaceMomentum.SPEC,
          Auon.SPEC,
          Dion.SPEC,
          OnlineSubspaceDescent.SPEC,
          GrassTopR.SPEC,
          Shampoo.SPEC,
          MFac.SPEC,
          EfcpTopkMfac.SPEC,
          AdaHessian.SPEC,
          PsgdDenseNewton.SPEC,
          PsgdLraWhiten.SPEC,
          Egn.SPEC,
          AdaFisherLinear.SPEC,
          MkorLinear.SPEC);

  /** Every part that can be put around an optimizer, in the order in which they are applied. */
  public static final List<PartSpec> PARTS =
      List.of(
          ClipByValue.SPEC,
          ClipByNorm.SPEC,
          GradientNoise.SPEC,
          DecoupledWeightDecay.SPEC,
          ElasticNet.SPEC,
          Scad.SPEC,
          Mcp.SPEC,
          PolyakAveraging.SPEC);

  /** Every schedule of the learning rate. */
  public static final List<ScheduleSpec> SCHEDULES =
      List.of(
          Constant.SPEC,
          WarmRestarts.SPEC,
          WarmupStableDecay.SPEC,
          LinearDecay.SPEC,
          InverseSqrt.SPEC,
          InverseTime.SPEC);

  private Catalog() {}

  /**
   * Looks an optimizer up.
   *
   * @throws ConfigException naming the known ones
   */
  public static OptimizerSpec optimizer(String id) {
    return OPTIMIZERS.stream()
        .filter(s -> s.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigException(
                    "no optimizer '"
                        + id
                        + "'; known: "
                        + OPTIMIZERS.stream().map(OptimizerSpec::id).toList()));
  }

  /**
   * Looks a schedule up.
   *
   * @throws ConfigException naming the known ones
   */
  public static ScheduleSpec schedule(String id) {
    return SCHEDULES.stream()
        .filter(s -> s.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigException(
                    "no schedule '"
                        + id
                        + "'; known: "
                        + SCHEDULES.stream().map(ScheduleSpec::id).toList()));
  }
}
