package io.millrace.operators.shell;

import io.millrace.operators.handler.Key;
import io.millrace.operators.handler.KeyHandler;
import io.millrace.operators.output.OutRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * Keys whose handler has put off the last thing that their event makes it do, and everything that
 * has been emitted since. What a key owes is done before anything else happens to that key, and
 * records leave in the order in which they would have left without it: so it changes no bit, and no
 * order, when the backlog is worked off.
 *
 * <pre>
 * event of key:   a            b        c           a
 * emitted:        -            p q      r           first what a owes, p q r, then its own
 * </pre>
 */
final class Backlog {
  /** Records that may wait, which bounds memory where few keys owe anything. */
  private static final int MOST_RECORDS = 4096;

  private final Output<StreamRecord<OutRecord>> output;
  private final KeyedStateBackend<String> backend;
  private final int most;
  private final List<Key> keys = new ArrayList<>();
  private final List<Waiting<?>> records = new ArrayList<>();

  /** How many of the records were there before each key. */
  private int[] before;

  /** A record on its way out. */
  private record Waiting<X>(OutputTag<X> tag, X record) {
    void leave(Output<?> output) {
      output.collect(tag, new StreamRecord<>(record));
    }
  }

  /**
   * An empty backlog.
   *
   * @param most keys that may owe something; 1: none does
   */
  Backlog(Output<StreamRecord<OutRecord>> output, KeyedStateBackend<String> backend, int most) {
    this.output = output;
    this.backend = backend;
    this.most = most;
    this.before = new int[Math.min(most, 16)];
  }

  /** Most keys that may owe something; 1: none does. */
  int most() {
    return most;
  }

  boolean isEmpty() {
    return keys.isEmpty();
  }

  /** Whether it must be worked off before the next event. */
  boolean isFull() {
    return keys.size() >= most || records.size() >= MOST_RECORDS;
  }

  /** The key at hand owes something from now on. */
  void add(Key key) {
    if (keys.size() == before.length) {
      before = Arrays.copyOf(before, 2 * before.length);
    }
    before[keys.size()] = records.size();
    keys.add(key);
    key.owe(true);
  }

  /** Sends a record, behind whatever has to leave before it. */
  <X> void send(OutputTag<X> tag, X record) {
    if (keys.isEmpty()) {
      output.collect(tag, new StreamRecord<>(record));
    } else {
      records.add(new Waiting<>(tag, record));
    }
  }

  /** Has everything done that is owed. Leaves the current key undefined. */
  void settle(KeyHandler handler) {
    handler.prepare();
    List<Key> owing = List.copyOf(keys);
    List<Waiting<?>> waiting = List.copyOf(records);
    keys.clear(); // what is emitted from here on leaves at once
    records.clear();
    int left = 0;
    for (int i = 0; i < owing.size(); i++) {
      for (; left < before[i]; left++) {
        waiting.get(left).leave(output);
      }
      Key key = owing.get(i);
      backend.setCurrentKey(key.name());
      key.owe(false);
      handler.settle(key);
    }
    for (; left < waiting.size(); left++) {
      waiting.get(left).leave(output);
    }
  }
}
