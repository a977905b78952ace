package io.millrace.core.optim.schedule;

import io.millrace.core.ConfigException;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.Schedule;
import io.millrace.core.spec.Source;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Carries a learning rate found at one mini-batch to another: a constant factor on whatever a
 * schedule gives, so that a rate set later is scaled alike. The learning rate alone is scaled; no
 * decay, epsilon or number of steps is. Immutable.
 *
 * @param rule gives the factor
 * @param baseBatch b0, the mini-batch at which the rate was found, at least 1; 1 without a rule
 * @param miniBatch b, the mini-batch of the steps to come, at least 1
 */
public record BatchScaling(Rule rule, int baseBatch, int miniBatch) implements Serializable {
  /**
   * How the learning rate follows the mini-batch. Names in the job's YAML are in lower case,
   * hyphened.
   */
  public enum Rule {
    /** The rate as given. */
    NONE("the rate as given", null),

    /**
     * {@code b / b0}. Goyal et al., "Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour",
     * arXiv:1706.02677, section 2.1: so b / b0 steps on small mini-batches and one on their union
     * agree as long as the gradient barely changes. For SGD.
     */
    LINEAR(
        "the rate times b / b0, for SGD",
        new Source(
            "Goyal et al., Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour,"
                + " arXiv:1706.02677, section 2.1",
            Source.Confidence.DERIVED)),

    /**
     * {@code sqrt(b / b0)}. Malladi, Lyu, Panigrahi, Arora, "On the SDEs and Scaling Rules for
     * Adaptive Gradient Algorithms", arXiv:2205.10287; [memory]. For RMSprop and Adam. The paper
     * moves the decays (to {@code 1 - (1 - beta) b / b0}) and epsilon as well; this does not.
     */
    SQUARE_ROOT(
        "the rate times (b / b0)^0.5, for adaptive methods. Only the rate is scaled: the paper's"
            + " rule also sets beta to 1 - (1 - beta) b / b0 for each decay and lowers epsilon, which"
            + " is left to the hyperparameters",
        new Source(
            "Malladi, Lyu, Panigrahi, Arora, On the SDEs and Scaling Rules for Adaptive Gradient"
                + " Algorithms, arXiv:2205.10287",
            Source.Confidence.MEMORY));

    private final String doc;
    private final Source source;

    Rule(String doc, Source source) {
      this.doc = doc;
      this.source = source;
    }

    /** Name in the job's YAML. */
    public String id() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What it does, in a sentence without its full stop. */
    public String doc() {
      return doc;
    }

    /** Where it comes from; null for {@link #NONE}. */
    public Source source() {
      return source;
    }

    /** Names of all. */
    public static String[] ids() {
      return Arrays.stream(values()).map(Rule::id).toArray(String[]::new);
    }

    /**
     * Looks a rule up.
     *
     * @throws ConfigException naming those there are
     */
    public static Rule of(String id) {
      return Arrays.stream(values())
          .filter(r -> r.id().equals(id))
          .findFirst()
          .orElseThrow(
              () ->
                  new ConfigException(
                      "no batch rule '" + id + "'; known: " + Arrays.toString(ids())));
    }
  }

  /** The rate as given. */
  public static final BatchScaling NONE = new BatchScaling(Rule.NONE, 1, 1);

  private static final String RULE_KEY = "optimizer.batch-rule";
  private static final String BASE_KEY = "optimizer.base-batch";

  /** What the learning rate is multiplied with; 1 without a rule. */
  public double factor() {
    double ratio = (double) miniBatch / baseBatch;
    return switch (rule) {
      case NONE -> 1;
      case LINEAR -> ratio;
      case SQUARE_ROOT -> Math.sqrt(ratio);
    };
  }

  /** The schedule times {@link #factor}; {@code schedule} itself without a rule. */
  public Schedule over(Schedule schedule) {
    if (rule == Rule.NONE) {
      return schedule;
    }
    double factor = factor();
    return step -> factor * schedule.at(step);
  }

  /**
   * The faults of this setting; empty where there are none.
   *
   * @param hyperparameters as given for the optimizer, without defaults
   */
  public List<String> faults(Map<String, Double> hyperparameters) {
    List<String> faults = new ArrayList<>();
    if (baseBatch < 1) {
      faults.add(BASE_KEY + " = " + baseBatch + "; must be at least 1");
    }
    if (miniBatch < 1) {
      faults.add("mini-batch = " + miniBatch + "; must be at least 1");
    }
    if (rule == Rule.NONE) {
      if (baseBatch > 1) {
        faults.add(
            BASE_KEY
                + " = "
                + baseBatch
                + "; must be absent because "
                + RULE_KEY
                + " is none; name a rule or remove it");
      }
    } else if (!hyperparameters.containsKey(OptimizerSpec.LEARNING_RATE)) {
      faults.add(
          RULE_KEY
              + " = "
              + rule.id()
              + "; there is no learning rate to scale; set optimizer.learning-rate to the one found"
              + " at a mini-batch of "
              + baseBatch
              + ", or remove the rule");
    }
    return faults;
  }

  /** Its settings under the keys of the job's YAML; none without a rule. */
  public Map<String, String> settings() {
    return rule == Rule.NONE
        ? Map.of()
        : Map.of(
            RULE_KEY,
            rule.id(),
            BASE_KEY,
            Integer.toString(baseBatch),
            "mini-batch",
            Integer.toString(miniBatch));
  }
}
