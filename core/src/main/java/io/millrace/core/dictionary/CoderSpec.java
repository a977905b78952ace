package io.millrace.core.dictionary;

import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Source;
import io.millrace.core.spec.Spec;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Everything the system knows of a sparse coder; declared in the coder's own file, listed once in
 * {@link io.millrace.core.dictionary.learner.Coders}.
 *
 * @param id lower-case with hyphens, as in the job's YAML
 * @param hypers by the length m of a signal, which defaults may depend on
 * @param make builds the coder from a full set of values
 */
public record CoderSpec(
    String id,
    Source source,
    IntFunction<List<Hyper>> hypers,
    Function<HyperValues, SparseCoder> make)
    implements Spec {}
