package io.millrace.core.dictionary;

import io.millrace.core.spec.Choice;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Source;
import io.millrace.core.spec.Spec;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Everything the system knows of a method of dictionary learning; declared in the method's own
 * file, listed once in {@link io.millrace.core.dictionary.learner.Methods}.
 *
 * @param id lower-case with hyphens, as in the job's YAML
 * @param usesCoder whether the method takes a {@link SparseCoder}; otherwise naming one is a fault
 * @param nonNegative whether signals must have no negative entries; centred ones have
 * @param choices settings that are words
 * @param hypers beside the coder's, by the length m of a signal; names differ from every coder's
 * @param make builds the method; throws {@link io.millrace.core.ConfigException} where settings
 *     contradict each other
 */
public record MethodSpec(
    String id,
    Source source,
    boolean usesCoder,
    boolean nonNegative,
    List<Choice> choices,
    IntFunction<List<Hyper>> hypers,
    Function<MethodSettings, DictionaryMethod> make)
    implements Spec {
  public MethodSpec {
    choices = List.copyOf(choices);
  }
}
