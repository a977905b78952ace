package io.millrace.jobs;

import java.util.function.Function;

/**
 * A setting of the job's YAML: the only home of its default, what is allowed and its explanation.
 *
 * @param key sections and name joined by dots
 * @param defaultText default as it would stand in the YAML; null: there is none and it must be
 *     given; empty: absent, {@link JobConfig#get} gives null
 * @param allowed completes "must be ..."
 * @param doc one sentence
 * @param parser text to value; throws RuntimeException for what is not allowed
 */
public record Setting<T>(
    String key, String defaultText, String allowed, String doc, Function<String, T> parser) {}
