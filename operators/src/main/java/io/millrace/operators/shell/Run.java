package io.millrace.operators.shell;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Backends;
import io.millrace.core.compute.ComputeBackend;
import io.millrace.core.state.StateException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is decided once for a run and kept in its state. A run that goes on from state keeps it.
 *
 * @param incarnation see docs/adr/0008
 * @param backend the compute backend to work with here; what is kept is its arithmetic
 * @param partitions of compacted channels, by role; see {@link Submission}
 */
record Run(long incarnation, ComputeBackend backend, Map<String, Integer> partitions) {
  private static final Logger LOG = LoggerFactory.getLogger(Run.class);
  private static final MapStateDescriptor<String, String> STATE =
      new MapStateDescriptor<>("run", StringSerializer.INSTANCE, StringSerializer.INSTANCE);
  private static final String INCARNATION = "incarnation";
  private static final String BACKEND = "backend";
  private static final String PARTITIONS = "partitions/";

  /**
   * The run that the state is of, or a new one.
   *
   * @param setting of the compute backend, for the subtask
   * @throws StateException if the state has other bits than those of the backend that is asked for
   * @throws ConfigException if no backend that gives them is here
   */
  static Run resume(OperatorStateStore store, StageOptions options, String setting)
      throws Exception {
    BroadcastState<String, String> state = store.getBroadcastState(STATE);
    String stored = state.get(BACKEND);
    Backends.Selection selection = backend(setting, stored);
    ComputeBackend backend = selection.backend();
    if (stored == null) {
      Submission submission = options.submission();
      state.put(BACKEND, backend.arithmetic());
      state.put(INCARNATION, Long.toString(submission.incarnation()));
      for (Map.Entry<String, Integer> e : submission.partitions().entrySet()) {
        state.put(PARTITIONS + e.getKey(), e.getValue().toString());
      }
    }
    LOG.info(
        "{} run, incarnation {}; {}",
        stored == null ? "a new" : "the same",
        state.get(INCARNATION),
        selection.reason());
    Map<String, Integer> partitions = new TreeMap<>();
    for (Map.Entry<String, String> e : state.immutableEntries()) {
      if (e.getKey().startsWith(PARTITIONS)) {
        partitions.put(e.getKey().substring(PARTITIONS.length()), Integer.parseInt(e.getValue()));
      }
    }
    return new Run(Long.parseLong(state.get(INCARNATION)), backend, partitions);
  }

  private static Backends.Selection backend(String setting, String stored) {
    if (stored != null && setting.equals(Backends.AUTO)) {
      return Backends.resume(stored);
    }
    Backends.Selection selection = Backends.select(setting);
    if (stored != null && !selection.backend().arithmetic().equals(stored)) {
      throw new StateException(
          "compute.backend = '"
              + setting
              + "', the state was made on '"
              + stored
              + "', and the bits of a model depend on it; set '"
              + stored
              + "' or 'auto', or start without the savepoint");
    }
    return selection;
  }
}
