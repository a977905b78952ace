/**
 * Follows the models a job publishes, scores with them, writes events, reads dead letters. Needs
 * Kafka's client library, not Flink.
 */
package io.millrace.client;
