package io.millrace.operators.learner;

import io.millrace.core.state.LearnerState;
import io.millrace.operators.handler.Key;
import io.millrace.operators.handler.KeyStorage;
import io.millrace.operators.journal.BlocksCodec;
import io.millrace.operators.journal.ByteCodec;
import io.millrace.operators.journal.Journal;
import io.millrace.operators.journal.JournalCodec;
import io.millrace.operators.journal.KeptEvent;
import io.millrace.operators.journal.KeptEventCodec;
import io.millrace.operators.journal.WaitingEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A copy of all that is kept about a key. */
final class Kept {
  final Journal journal;
  final LearnerState learner;
  final List<KeptEvent> held;

  /** By id, in order of arrival. */
  final Map<String, WaitingEvent> waiting = new LinkedHashMap<>();

  private final List<String> recent = new ArrayList<>();

  Kept(Key key, KeyStorage storage) {
    journal = key.journal().copy();
    learner = key.read(LearnerHandler.MODEL).copy();
    held = List.copyOf(key.held());
    for (long place = journal.firstWaiting; place < journal.nextWaiting; place++) {
      String id = storage.waitingAt(place);
      if (id != null) {
        waiting.put(id, storage.waiting(id));
      }
    }
    storage.recent().forEach(bucket -> recent.add(Arrays.toString(bucket)));
    recent.sort(null);
  }

  /** All of it, as text. */
  @Override
  public String toString() {
    StringBuilder all = new StringBuilder();
    all.append("journal ").append(hex(new JournalCodec(), journal));
    all.append("\nmodel ").append(hex(new BlocksCodec(learner.schema()), learner));
    held.forEach(e -> all.append("\nheld ").append(hex(new KeptEventCodec.Held(), e)));
    waiting.forEach(
        (id, w) ->
            all.append("\nwaiting " + id + " ").append(hex(new KeptEventCodec.Waiting(), w)));
    return all.append("\nrecent ").append(recent).toString();
  }

  private static <T> String hex(ByteCodec<T> codec, T value) {
    int length = codec.encode(value);
    return HexFormat.of().formatHex(codec.array(), 0, length);
  }
}
