package io.millrace.schemas;

/**
 * A record of the models topic.
 *
 * @param key record key
 * @param value record value; null: a tombstone
 */
public record ModelRecord(byte[] key, byte[] value) {}
