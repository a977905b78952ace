package io.millrace.schemas;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/**
 * The released schemas, kept as {@code avro/v<N>/<Record>.avsc}: every version a topic may still
 * hold. Versions count from 1 without a gap; a version holds all records.
 */
final class StoredSchemas implements SchemaStore {
  private final Map<Long, WriterSchema> byFingerprint;
  private final List<Map<RecordKind, Schema>> versions;

  private StoredSchemas(
      Map<Long, WriterSchema> byFingerprint, List<Map<RecordKind, Schema>> versions) {
    this.byFingerprint = byFingerprint;
    this.versions = versions;
  }

  static StoredSchemas load() {
    Map<Long, WriterSchema> map = new HashMap<>();
    List<Map<RecordKind, Schema>> versions = new ArrayList<>();
    for (RecordKind kind : RecordKind.values()) {
      put(map, kind, 0, kind.schema());
    }
    for (int version = 1; exists(version); version++) {
      Map<RecordKind, Schema> stored = parse(version);
      versions.add(stored);
      for (Map.Entry<RecordKind, Schema> e : stored.entrySet()) {
        put(map, e.getKey(), version, e.getValue());
      }
    }
    return new StoredSchemas(Map.copyOf(map), List.copyOf(versions));
  }

  private static void put(Map<Long, WriterSchema> map, RecordKind kind, int version, Schema s) {
    long fingerprint = SchemaNormalization.parsingFingerprint64(s);
    boolean current = fingerprint == SingleObject.fingerprint(kind);
    map.put(
        fingerprint,
        new WriterSchema(kind, current, version, fingerprint, current ? kind.schema() : s));
  }

  @Override
  public WriterSchema find(long fingerprint) {
    return byFingerprint.get(fingerprint);
  }

  /** Every stored version in order, the first being version 1. */
  List<Map<RecordKind, Schema>> versions() {
    return versions;
  }

  private static String path(int version, String name) {
    return "/avro/v" + version + "/" + name + ".avsc";
  }

  private static boolean exists(int version) {
    return StoredSchemas.class.getResource(path(version, "Example")) != null;
  }

  /** In the order of {@link RecordKind}: some use names that those before them define. */
  private static Map<RecordKind, Schema> parse(int version) {
    Schema.Parser parser = new Schema.Parser();
    Map<RecordKind, Schema> schemas = new EnumMap<>(RecordKind.class);
    for (RecordKind kind : RecordKind.values()) {
      String path = path(version, kind.schema().getName());
      try (InputStream in = StoredSchemas.class.getResourceAsStream(path)) {
        if (in != null) { // null: a kind that came later
          schemas.put(kind, parser.parse(in));
        }
      } catch (IOException e) {
        throw new UncheckedIOException("stored schema " + path, e);
      }
    }
    return schemas;
  }
}
