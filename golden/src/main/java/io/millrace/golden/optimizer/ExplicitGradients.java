package io.millrace.golden.optimizer;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Oracle;
import io.millrace.core.optim.ParamLayout;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.UnsupportedGolden;
import java.util.Map;
import java.util.Set;

/**
 * Optimizers under listed gradients: the gradient of step t is {@code gradients[t]}, whatever the
 * parameters are.
 */
public final class ExplicitGradients extends OptimizerReplay {
  @Override
  public String id() {
    return "explicit_gradients";
  }

  @Override
  public boolean handles(JsonNode file) {
    return file.path("oracle").asText().equals("explicit_gradients");
  }

  @Override
  Steps open(JsonNode file, ParamLayout layout, int steps) {
    return new Listed(Fields.array(file, "gradients", steps), layout);
  }

  private static final class Listed implements Steps, Objective {
    private final JsonNode gradients;
    private final ParamLayout layout;
    private double[] listed;
    private int asked;

    Listed(JsonNode gradients, ParamLayout layout) {
      this.gradients = gradients;
      this.layout = layout;
    }

    @Override
    public Set<Oracle> offered() {
      return Set.of(Oracle.GRADIENT);
    }

    @Override
    public int gradients() {
      return asked;
    }

    @Override
    public Objective at(int t) {
      asked = 0;
      listed = Fields.flat("gradients[" + t + "]", gradients.get(t), layout.size());
      return this;
    }

    @Override
    public Objective large(int t) {
      throw new UnsupportedGolden("the file lists gradients: it has no large batches");
    }

    @Override
    public Objective all() {
      return at(0);
    }

    @Override
    public double[] asked() {
      throw new UnsupportedGolden("the file lists gradients: they are taken at no point");
    }

    @Override
    public int draw(int t) {
      return t;
    }

    @Override
    public Set<String> inputs() {
      return Set.of();
    }

    @Override
    public boolean inputsAreRows() {
      return true;
    }

    @Override
    public Map<String, Double> hypers() {
      return Map.of();
    }

    @Override
    public ParamLayout layout() {
      return layout;
    }

    @Override
    public double value(double[] theta) {
      throw new UnsupportedGolden("the file lists gradients; the method asks for the loss as well");
    }

    @Override
    public void gradient(double[] theta, double[] out) {
      asked++;
      System.arraycopy(listed, 0, out, 0, out.length);
    }
  }
}
