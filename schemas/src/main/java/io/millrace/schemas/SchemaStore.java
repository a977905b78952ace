package io.millrace.schemas;

/**
 * Where writer schemas come from. The seam for a schema registry: a store that asks one, and beside
 * {@link SingleObject} a second framing that takes the registry's id instead of a fingerprint; both
 * hand the body to {@link RecordReader}.
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
