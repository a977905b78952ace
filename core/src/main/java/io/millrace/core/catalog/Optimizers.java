package io.millrace.core.catalog;

import io.millrace.core.ConfigException;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.Part;
import io.millrace.core.optim.PartSpec;
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
import io.millrace.core.optim.polyak.AlrShb;
import io.millrace.core.optim.polyak.AlrSmag;
import io.millrace.core.optim.polyak.PspsHutchinson;
import io.millrace.core.optim.polyak.SaniaAdaGradSqr;
import io.millrace.core.optim.polyak.SaniaAdamSqr;
import io.millrace.core.optim.polyak.SpsMax;
import io.millrace.core.optim.proximal.FtrlProximal;
import io.millrace.core.optim.proximal.NonconvexAg;
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
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Spec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Every optimizer there is, one line each, and how a configuration makes one: the rule named, with
 * the parts named around it.
 */
public final class Optimizers {
  public static final List<OptimizerSpec> ALL =
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

  /**
   * An optimizer with its surrounding parts, as configured.
   *
   * @param learningRate before the schedule
   * @param values everything in force, the learning rate first
   */
  public record Configured(
      OptimizerSpec spec, Optimizer optimizer, double learningRate, Map<String, Double> values) {}

  private Optimizers() {}

  /**
   * Looks an optimizer up.
   *
   * @throws ConfigException naming the known ones
   */
  public static OptimizerSpec spec(String id) {
    return Spec.find(ALL, id)
        .orElseThrow(
            () -> new ConfigException("no optimizer '" + id + "'; known: " + Spec.ids(ALL)));
  }

  /** What may be set for an optimizer: its learning rate, its own, and those of every part. */
  public static List<Hyper> hypers(OptimizerSpec spec) {
    List<Hyper> all = new ArrayList<>();
    all.add(spec.learningRate());
    all.addAll(spec.hypers());
    Parts.ALL.forEach(p -> all.addAll(p.hypers()));
    return all;
  }

  /**
   * Builds an optimizer from one flat set of values; a part is put around it when one of the part's
   * hyperparameters is named.
   *
   * @param id of an optimizer
   * @param given names of {@link #hypers}
   * @throws ConfigException listing every fault
   */
  public static Configured configure(String id, Map<String, Double> given) {
    OptimizerSpec spec = spec(id);
    HyperValues all = HyperValues.of(id, hypers(spec), given);
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(OptimizerSpec.LEARNING_RATE, all.get(spec.learningRate()));
    spec.hypers().forEach(h -> values.putAll(all.named(h)));
    List<Part> parts = new ArrayList<>();
    for (PartSpec part : Parts.ALL) {
      if (part.hypers().stream().anyMatch(h -> given.containsKey(h.name()))) {
        part.hypers().forEach(h -> values.put(h.name(), all.get(h)));
        parts.add(part.make().apply(all));
      }
    }
    Optimizer optimizer = spec.make().apply(all);
    return new Configured(
        spec,
        parts.isEmpty() ? optimizer : new Chain(optimizer, parts),
        all.get(spec.learningRate()),
        Collections.unmodifiableMap(values));
  }
}
