package io.millrace.schemas;

/**
 * Where writer schemas come from. A schema registry would be another store, with a framing of its
 * own beside {@link SingleObject} that carries the registry's id instead of a fingerprint; what
 * reads the body, {@link RecordReader}, would be the same.
 */
@FunctionalInterface
public interface SchemaStore {
  /**
   * The schema with a fingerprint.
   *
   * @return null if it is not known
   */
  WriterSchema find(long fingerprint);
}
