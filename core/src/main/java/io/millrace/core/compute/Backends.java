package io.millrace.core.compute;

import io.millrace.core.ConfigException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * The one place where a backend is selected. The scalar one is always there; others are found by
 * {@link ServiceLoader} as {@link Provider}s.
 */
public final class Backends {
  /** Setting that takes the best backend there is. */
  public static final String AUTO = "auto";

  /** Rank of a backend that {@link #AUTO} never takes. */
  public static final int ONLY_BY_NAME = -1;

  /** Between a backend's id and the number of the device that a task has been given. */
  private static final char ON = ':';

  /** Offers a backend, if the machine and the JVM have what it takes. */
  public interface Provider {
    /** Id of the backend. */
    String id();

    /**
     * The greatest available rank is what {@link #AUTO} takes; the scalar backend has rank 0, and
     * {@link #ONLY_BY_NAME} is not looked at.
     */
    int rank();

    /** Empty where the backend can be used, otherwise why not and what would enable it. */
    String unavailableBecause();

    /** Called only where {@link #unavailableBecause} is empty. */
    ComputeBackend backend();

    /** Whether it works on devices, of which a task may be given one by its number. */
    default boolean hasDevices() {
      return false;
    }

    /**
     * On a device that a task has been given. One that is not there is like one that is lost: the
     * backend does its work elsewhere, with the same bits.
     *
     * @param device number, at least 0
     */
    default ComputeBackend backend(int device) {
      throw new IllegalStateException("'" + id() + "' has no devices");
    }
  }

  /**
   * A backend and why it is this one, for the log.
   *
   * @param reason one line, naming what better one was passed over and why
   */
  public record Selection(ComputeBackend backend, String reason) {}

  private Backends() {}

  /**
   * Refuses a setting that no machine could follow. What this machine has does not matter: the
   * backend is selected where the work is done.
   *
   * @throws ConfigException where there is no backend of that id on the class path
   */
  public static void requireKnown(String setting) {
    List<String> known = new ArrayList<>(List.of(AUTO, ScalarBackend.INSTANCE.id()));
    ServiceLoader.load(Provider.class).forEach(p -> known.add(p.id()));
    if (!known.contains(setting)) {
      throw unknown(setting, known);
    }
  }

  private static ConfigException unknown(String setting, List<String> known) {
    return new ConfigException("compute.backend = '" + setting + "'; known here: " + known);
  }

  /**
   * The setting of a task that has been given a device: that of the job where its backend has
   * devices to choose from, else the job's own.
   *
   * @param setting of the job
   * @param device number, at least 0
   */
  public static String on(String setting, int device) {
    return on(setting, device, ServiceLoader.load(Provider.class));
  }

  static String on(String setting, int device, Iterable<Provider> providers) {
    Provider named = known(providers).get(setting);
    return named != null && named.hasDevices() ? setting + ON + device : setting;
  }

  /**
   * Selects a backend.
   *
   * @param setting an id, what {@link #on} has made of it, or {@link #AUTO}
   * @throws ConfigException where the one named is not there or cannot be used
   */
  public static Selection select(String setting) {
    return select(setting, ServiceLoader.load(Provider.class));
  }

  static Selection select(String setting, Iterable<Provider> providers) {
    Map<String, Provider> known = known(providers);
    if (setting.equals(ScalarBackend.INSTANCE.id())) {
      return new Selection(ScalarBackend.INSTANCE, "compute backend 'scalar', as configured");
    }
    if (setting.equals(AUTO)) {
      return best(known, null);
    }
    int on = setting.indexOf(ON);
    Provider named = known.get(on < 0 ? setting : setting.substring(0, on));
    if (on >= 0 && named != null && named.hasDevices()) {
      int device = Integer.parseInt(setting.substring(on + 1));
      return new Selection(
          named.backend(device),
          "compute backend '" + named.id() + "', as configured, on device " + device);
    }
    if (on >= 0 || named == null) {
      List<String> ids = new ArrayList<>(List.of(AUTO, ScalarBackend.INSTANCE.id()));
      ids.addAll(known.keySet());
      throw unknown(setting, ids);
    }
    if (!named.unavailableBecause().isEmpty()) {
      throw new ConfigException(
          "compute.backend = '"
              + setting
              + "' cannot be used: "
              + named.unavailableBecause()
              + "; or set 'auto'");
    }
    return new Selection(named.backend(), "compute backend '" + setting + "', as configured");
  }

  private static Map<String, Provider> known(Iterable<Provider> providers) {
    Map<String, Provider> known = new LinkedHashMap<>();
    try {
      providers.forEach(p -> known.put(p.id(), p));
    } catch (ServiceConfigurationError e) {
      throw new ConfigException("compute.backend: a backend on the class path is broken: " + e);
    }
    return known;
  }

  /**
   * Selects the best backend that gives certain bits, for work that has been begun with them.
   *
   * @param arithmetic a {@link ComputeBackend#arithmetic}
   * @throws ConfigException where no backend that is here gives them
   */
  public static Selection resume(String arithmetic) {
    return resume(arithmetic, ServiceLoader.load(Provider.class));
  }

  static Selection resume(String arithmetic, Iterable<Provider> providers) {
    Map<String, Provider> known = known(providers);
    Selection best = best(known, arithmetic);
    // The one that the bits are named after says best why it cannot be used.
    return best.backend().arithmetic().equals(arithmetic) ? best : select(arithmetic, providers);
  }

  /**
   * The best of the scalar backend and those known.
   *
   * @param arithmetic that the backend must have; null: any
   */
  private static Selection best(Map<String, Provider> known, String arithmetic) {
    ComputeBackend best = ScalarBackend.INSTANCE;
    int rank = best.arithmetic().equals(arithmetic) || arithmetic == null ? 0 : -1;
    StringBuilder passedOver = new StringBuilder();
    for (Provider p : known.values()) {
      boolean asked = p.rank() != ONLY_BY_NAME;
      String because = asked ? p.unavailableBecause() : "it is only taken where it is named";
      if (because.isEmpty() && arithmetic != null) {
        String own = p.backend().arithmetic();
        because = own.equals(arithmetic) ? "" : "the run has the bits of '" + arithmetic + "'";
      }
      if (!because.isEmpty()) {
        passedOver.append("; not '").append(p.id()).append("': ").append(because);
      } else if (p.rank() > rank) {
        best = p.backend();
        rank = p.rank();
      }
    }
    return new Selection(
        best, "compute backend '" + best.id() + "' of those available" + passedOver);
  }
}
