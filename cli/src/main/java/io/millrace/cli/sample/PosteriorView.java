package io.millrace.cli.sample;

import io.millrace.client.Model;
import io.millrace.core.sample.posterior.PosteriorForm;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A published posterior as people look at it. */
public final class PosteriorView {
  private PosteriorView() {}

  /**
   * Mean, standard deviation, that by Laplace, R-hat and effective sample size of each parameter;
   * NaN where one is not known.
   */
  public static List<Map<String, Object>> parameters(Model model) {
    double[] mean = model.tensor(PosteriorForm.MEAN);
    double[] sd = deviations(model, mean.length);
    boolean curved = model.tensors().contains(PosteriorForm.LAPLACE_VARIANCE);
    double[] laplace =
        curved ? model.tensor(PosteriorForm.LAPLACE_VARIANCE) : new double[mean.length];
    double[] rhat = model.tensor(PosteriorForm.RHAT);
    double[] ess = model.tensor(PosteriorForm.ESS);
    List<Map<String, Object>> parameters = new ArrayList<>();
    for (int i = 0; i < mean.length; i++) {
      Map<String, Object> p = new LinkedHashMap<>();
      p.put("mean", mean[i]);
      p.put("sd", sd[i]);
      p.put("laplaceSd", curved ? Math.sqrt(laplace[i]) : Double.NaN);
      p.put("rhat", known(rhat[i]));
      p.put("ess", known(ess[i]));
      parameters.add(p);
    }
    return parameters;
  }

  private static double known(double v) {
    return v == 0 ? Double.NaN : v;
  }

  private static double[] deviations(Model model, int d) {
    boolean full = model.tensors().contains(PosteriorForm.COVARIANCE);
    double[] spread = model.tensor(full ? PosteriorForm.COVARIANCE : PosteriorForm.VARIANCE);
    double[] sd = new double[d];
    for (int i = 0; i < d; i++) {
      sd[i] = Math.sqrt(spread[full ? i * d + i : i]);
    }
    return sd;
  }
}
