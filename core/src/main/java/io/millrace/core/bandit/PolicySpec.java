package io.millrace.core.bandit;

import io.millrace.core.ConfigException;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Source;
import io.millrace.core.spec.Spec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Everything the system knows of a policy; declared in the policy's own file, listed once in {@link
 * io.millrace.core.bandit.catalog.Policies}.
 *
 * @param id lower-case with underscores, as in the golden files
 * @param stateVersion counts up whenever the set of blocks or their meaning changes
 * @param input what a request has to bring
 * @param traits what else is known of it
 * @param hypers in order
 * @param make builds the policy; throws {@link ConfigException} where values contradict each other
 */
public record PolicySpec(
    String id,
    int stateVersion,
    Source source,
    Input input,
    Set<Trait> traits,
    List<Hyper> hypers,
    Function<PolicySettings, Policy> make)
    implements Spec {
  /** What a policy looks at beside the arms. */
  public enum Input {
    NOTHING("looks at the arms alone"),
    NUMBER("takes a context of 1 number"),
    CONTEXT("takes a context of at least 1 number"),
    FEATURES("takes features of every arm, brought by the request");

    private final String words;

    Input(String words) {
      this.words = words;
    }

    /** For listings and messages. */
    public String words() {
      return words;
    }
  }

  /** What is promised of a policy. */
  public enum Trait {
    /**
     * Learns by importance weights: of a decision that was not drawn, of probability 1, it must not
     * learn.
     */
    WEIGHTED("learns by importance weights, from drawn decisions alone"),

    /** The same costs in any order make the same state, but for rounding. */
    ORDER_FREE("the order of costs does not matter");

    private final String words;

    Trait(String words) {
      this.words = words;
    }

    /** For listings. */
    public String words() {
      return words;
    }
  }

  public PolicySpec {
    traits = Set.copyOf(traits);
    hypers = List.copyOf(hypers);
  }

  /** Whether it must learn from its own decisions alone; see {@link Trait#WEIGHTED}. */
  public boolean weighted() {
    return traits.contains(Trait.WEIGHTED);
  }

  /** Whether late costs do no harm; see {@link Trait#ORDER_FREE}. */
  public boolean orderFree() {
    return traits.contains(Trait.ORDER_FREE);
  }

  /** What is wrong with a shape for this policy; null: nothing. */
  public String unfit(PolicyShape shape) {
    boolean fits =
        switch (input) {
          case NOTHING -> true;
          case NUMBER -> shape.contextLength() == 1;
          case CONTEXT -> shape.contextLength() >= 1;
          case FEATURES -> shape.featureLength() >= 1;
        };
    return fits
        ? null
        : "policy '"
            + id
            + "' "
            + input.words
            + "; the tuner has a context of "
            + shape.contextLength()
            + " and "
            + shape.featureLength()
            + " features per arm; declare them, or choose another policy";
  }

  /**
   * Builds the policy.
   *
   * @param given values that differ from the defaults, by name
   * @throws ConfigException listing every fault
   */
  public Policy policy(PolicyShape shape, Map<String, Double> given) {
    HyperValues values = HyperValues.of(id, hypers, given);
    String unfit = unfit(shape);
    if (unfit != null) {
      throw new ConfigException(unfit);
    }
    return make.apply(new PolicySettings(this, shape, values));
  }
}
