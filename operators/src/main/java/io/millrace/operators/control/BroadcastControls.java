package io.millrace.operators.control;

import io.millrace.operators.learner.KeyState;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeutils.base.DoubleSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;

/**
 * What controls for all keys have ordered, so that keys which begin later follow it too. Broadcast
 * state: every subtask holds the same.
 */
public final class BroadcastControls {
  private static final MapStateDescriptor<String, Double> HYPERPARAMETERS =
      new MapStateDescriptor<>(
          "control-hyperparameters", StringSerializer.INSTANCE, DoubleSerializer.INSTANCE);
  private static final MapStateDescriptor<String, Long> NUMBERS =
      new MapStateDescriptor<>(
          "control-numbers", StringSerializer.INSTANCE, LongSerializer.INSTANCE);
  private static final String EPOCH = "epoch";
  private static final String PAUSED = "paused";
  private static final String ORIGIN = "origin/";

  private final BroadcastState<String, Double> hyperparameters;
  private final BroadcastState<String, Long> numbers;
  private final TreeMap<String, Double> overrides = new TreeMap<>();
  private long epoch;
  private boolean paused;

  /** Opens the state and reads what a restored job finds in it. */
  public BroadcastControls(OperatorStateStore store) throws Exception {
    hyperparameters = store.getBroadcastState(HYPERPARAMETERS);
    numbers = store.getBroadcastState(NUMBERS);
    for (Map.Entry<String, Double> e : hyperparameters.immutableEntries()) {
      overrides.put(e.getKey(), e.getValue());
    }
    epoch = number(EPOCH);
    paused = number(PAUSED) != 0;
  }

  private long number(String name) throws Exception {
    Long v = numbers.get(name);
    return v == null ? 0 : v;
  }

  /** Hyperparameters in force for keys that begin now; not to be modified. */
  public Map<String, Double> overrides() {
    return overrides;
  }

  /** Gives a key that begins now what has been ordered before. */
  public void inherit(KeyState s) {
    s.overrides = overrides.isEmpty() ? null : new TreeMap<>(overrides);
    s.paused = paused;
    s.controlEpoch = epoch;
  }

  /** Whether an origin's sequence number is news; if so it is remembered. */
  boolean isNews(String origin, long sequence) throws Exception {
    if (origin.isEmpty()) {
      return true;
    }
    Long last = numbers.get(ORIGIN + origin);
    if (last != null && sequence <= last) {
      return false;
    }
    numbers.put(ORIGIN + origin, sequence);
    return true;
  }

  void set(String name, double value) throws Exception {
    overrides.put(name, value);
    hyperparameters.put(name, value);
  }

  void setPaused(boolean on) throws Exception {
    paused = on;
    numbers.put(PAUSED, on ? 1L : 0L);
  }

  void taken() throws Exception {
    numbers.put(EPOCH, ++epoch);
  }
}
