package io.millrace.core.tuning;

import io.millrace.core.spec.HyperValues;

/**
 * What a tuner is made from.
 *
 * @param dimension d, numbers per point, at least 1
 * @param constraints that every loss comes with, at least 0
 * @param values of its hyperparameters
 */
public record TunerSettings(int dimension, int constraints, HyperValues values) {}
