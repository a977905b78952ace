package io.millrace.core.bandit;

import io.millrace.core.spec.HyperValues;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a policy is made from.
 *
 * @param spec which policy
 * @param shape sizes
 * @param values a full set
 */
public record PolicySettings(PolicySpec spec, PolicyShape shape, HyperValues values) {
  /** The same with some values changed. */
  PolicySettings with(Map<String, Double> changed) {
    Map<String, Double> all = new LinkedHashMap<>(values.asMap());
    all.putAll(changed);
    return new PolicySettings(spec, shape, HyperValues.of(spec.id(), spec.hypers(), all));
  }
}
