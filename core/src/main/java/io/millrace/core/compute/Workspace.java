package io.millrace.core.compute;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Scratch by name, one per subtask. Contents are undefined when an array is asked for. Not
 * thread-safe.
 */
public final class Workspace {
  private final Map<String, double[]> arrays = new HashMap<>();
  private final Map<String, Object> objects = new HashMap<>();

  /**
   * The name asked for last. It is compared by identity: a step asks for few arrays, by literals.
   */
  private String lastName;

  private double[] lastArray;
  private String lastObjectName;
  private Object lastObject;
  private ComputeBackend kernelsOf;
  private Kernels kernels;

  /**
   * An array of exactly {@code length} doubles, the same one as long as the length stays the same.
   *
   * @param name distinguishes arrays that are in use at the same time
   */
  public double[] array(String name, int length) {
    if (name == lastName && lastArray.length == length) {
      return lastArray;
    }
    double[] a = arrays.get(name);
    if (a == null || a.length != length) {
      a = new double[length];
      arrays.put(name, a);
    }
    lastName = name;
    lastArray = a;
    return a;
  }

  /** An array of at least {@code length} doubles; grows by doubling, so varying lengths settle. */
  public double[] atLeast(String name, int length) {
    double[] a = arrays.get(name);
    if (a == null || a.length < length) {
      a = new double[Math.max(length, a == null ? 16 : a.length * 2)];
      arrays.put(name, a);
    }
    return a;
  }

  /** A backend's kernels, the same ones as long as the backend stays the same. */
  public Kernels kernels(ComputeBackend backend) {
    if (kernelsOf != backend) {
      kernels = backend.kernels();
      kernelsOf = backend;
    }
    return kernels;
  }

  /**
   * A scratch object, made on first use and the same one ever after.
   *
   * @param name distinguishes objects; always asked for with the same type
   */
  public <T> T object(String name, Class<T> type, Supplier<T> make) {
    if (name == lastObjectName) {
      return type.cast(lastObject);
    }
    Object o = objects.get(name);
    if (o == null) {
      o = make.get();
      objects.put(name, o);
    }
    lastObjectName = name;
    lastObject = o;
    return type.cast(o);
  }
}
