package io.millrace.operators.learner;

/**
 * An example that waits for its label.
 *
 * @param raw raw outputs of the prediction made when its features came; not modified
 */
public record PendingExample(HeldExample example, double[] raw) {}
