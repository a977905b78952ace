package io.millrace.core.model;

import io.millrace.core.ConfigException;
import io.millrace.core.spec.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Every kind of supervised model there is, one line each. */
public final class Models {
  public static final List<ModelSpec> ALL =
      List.of(LinearModel.SPEC, Mlp.SPEC, FactorizationMachine.SPEC);

  public static final String KIND = "model.kind";
  public static final String HIDDEN = "model.hidden";
  public static final String ACTIVATION = "model.activation";
  public static final String RANK = "model.rank";
  public static final String INIT_SCALE = "model.init-scale";

  private Models() {}

  /**
   * Looks a kind up.
   *
   * @throws ConfigException naming the known ones
   */
  public static ModelSpec spec(String id) {
    return Spec.find(ALL, id)
        .orElseThrow(
            () -> new ConfigException(KIND + " = " + id + "; must be one of " + Spec.ids(ALL)));
  }

  /**
   * Builds a model.
   *
   * @throws ConfigException listing every fault
   */
  public static Architecture make(ModelOptions options, Loss loss) {
    ModelSpec spec = spec(options.kind());
    List<String> faults = new ArrayList<>();
    given(options)
        .forEach(
            (name, value) -> {
              if (!spec.settings().contains(name)) {
                faults.add(
                    name
                        + " = "
                        + value
                        + "; must be absent because "
                        + KIND
                        + " is "
                        + spec.id()
                        + "; remove it or choose another kind");
              }
            });
    double scale = options.initScale();
    if (!Double.isNaN(scale) && !(scale >= 0 && scale < Double.POSITIVE_INFINITY)) {
      faults.add(INIT_SCALE + " = " + scale + "; must be finite and at least 0");
    }
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
    return spec.make().make(options, loss);
  }

  /** Settings that were given, by name. */
  private static Map<String, Object> given(ModelOptions o) {
    Map<String, Object> given = new TreeMap<>();
    if (!o.hidden().isEmpty()) {
      given.put(HIDDEN, o.hidden());
    }
    if (!o.activation().isEmpty()) {
      given.put(ACTIVATION, o.activation());
    }
    if (o.rank() != 0) {
      given.put(RANK, o.rank());
    }
    if (!Double.isNaN(o.initScale())) {
      given.put(INIT_SCALE, o.initScale());
    }
    return given;
  }

  /** The factor on the spread of start values. */
  static double initScale(ModelOptions o) {
    return Double.isNaN(o.initScale()) ? 1 : o.initScale();
  }
}
