package io.millrace.client;

import java.time.Clock;
import java.util.function.Predicate;

/**
 * How a {@link ModelStore} follows models.
 *
 * @param topic of models
 * @param clientId names the store in the broker's logs
 * @param keys which models are wanted; the parts of others are not even held
 * @param limits of memory for unfinished models
 * @param clock tells the age of a model
 */
public record ModelStoreOptions(
    String topic, String clientId, Predicate<String> keys, AssemblyLimits limits, Clock clock) {
  /** All models of a topic. */
  public static ModelStoreOptions of(String topic) {
    return new ModelStoreOptions(
        topic, "millrace-models", key -> true, AssemblyLimits.DEFAULT, Clock.systemUTC());
  }

  /** The same for some keys only. */
  public ModelStoreOptions withKeys(Predicate<String> wanted) {
    return new ModelStoreOptions(topic, clientId, wanted, limits, clock);
  }

  /** The same within other limits of memory. */
  public ModelStoreOptions withLimits(AssemblyLimits other) {
    return new ModelStoreOptions(topic, clientId, keys, other, clock);
  }

  /** The same by another clock. */
  public ModelStoreOptions withClock(Clock other) {
    return new ModelStoreOptions(topic, clientId, keys, limits, other);
  }

  /** The same under another name in the broker's logs. */
  public ModelStoreOptions withClientId(String id) {
    return new ModelStoreOptions(topic, id, keys, limits, clock);
  }
}
