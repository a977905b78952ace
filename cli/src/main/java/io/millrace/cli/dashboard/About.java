package io.millrace.cli.dashboard;

/**
 * What a dashboard was told at its start, to be shown.
 *
 * @param servers where Kafka is
 * @param control whether orders are taken
 */
record About(String servers, boolean control) {}
