package io.millrace.operators.learner;

import io.millrace.core.compute.Backends;
import io.millrace.core.compute.ComputeBackend;
import io.millrace.core.compute.ScalarBackend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * A backend that calculates as the scalar one does and says that its bits are its own, on a device
 * that may be plugged in.
 */
public final class TestDevice implements Backends.Provider, AutoCloseable {
  static final String ID = "test-device";

  private static volatile boolean pluggedIn;

  /** For {@link java.util.ServiceLoader}. */
  public TestDevice() {}

  /** From now on, and until it is closed, the device is there. */
  static TestDevice plugIn() {
    pluggedIn = true;
    return new TestDevice();
  }

  @Override
  public void close() {
    pluggedIn = false;
  }

  @Override
  public String id() {
    return ID;
  }

  @Override
  public int rank() {
    return Integer.MAX_VALUE; // auto takes it before any other
  }

  @Override
  public String unavailableBecause() {
    return pluggedIn ? "" : "it is not plugged in";
  }

  @Override
  public ComputeBackend backend() {
    return (ComputeBackend)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {ComputeBackend.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("id") || method.getName().equals("arithmetic")) {
                return ID;
              }
              try {
                return method.invoke(ScalarBackend.INSTANCE, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
