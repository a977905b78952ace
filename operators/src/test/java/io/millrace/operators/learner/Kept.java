package io.millrace.operators.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.state.LearnerState;
import io.millrace.operators.handler.Key;
import io.millrace.operators.handler.KeyStorage;
import io.millrace.operators.journal.BlocksCodec;
import io.millrace.operators.journal.ByteCodec;
import io.millrace.operators.journal.Journal;
import io.millrace.operators.journal.JournalCodec;
import io.millrace.operators.journal.KeptEvent;
import io.millrace.operators.journal.KeptEventCodec;
import io.millrace.operators.journal.Queue;
import io.millrace.operators.journal.Side;
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
  final LearnerState lastGood;

  /** Of all parts of the key; null where one is not kept. */
  final List<LearnerState> parts = new ArrayList<>();

  final List<KeptEvent> held;

  /** By id, in order of arrival. */
  final Map<String, WaitingEvent> waiting;

  /** Labels that came early, likewise. */
  final Map<String, WaitingEvent> early;

  private final List<String> recent = new ArrayList<>();

  Kept(Key key, KeyStorage storage) {
    journal = key.ledger().copy();
    for (int part = 0; part < key.parts(); part++) {
      boolean there = journal.begun() && storage.blocks(key.journal(), part) != null;
      parts.add(there ? key.read(part).copy() : null);
    }
    learner = parts.get(LearnerHandler.MODEL);
    lastGood = parts.get(LearnerHandler.LAST_GOOD);
    held = journal.begun() ? List.copyOf(key.held()) : List.of();
    waiting = waiting(Side.FIRST, storage);
    early = waiting(Side.SECOND, storage);
    storage.recent().forEach(bucket -> recent.add(Arrays.toString(bucket)));
    recent.sort(null);
  }

  private Map<String, WaitingEvent> waiting(Side side, KeyStorage storage) {
    Map<String, WaitingEvent> all = new LinkedHashMap<>();
    Queue q = journal.queue(side);
    for (long place = q.first; place < q.next; place++) {
      String id = storage.waitingAt(side, place);
      if (id != null) {
        all.put(id, storage.waiting(side, id));
      }
    }
    assertThat(all).hasSize(q.count);
    return all;
  }

  /** All of it, as text. */
  @Override
  public String toString() {
    StringBuilder all = new StringBuilder();
    all.append("journal ").append(hex(new JournalCodec(), journal));
    for (int i = 0; i < parts.size(); i++) {
      LearnerState part = parts.get(i);
      if (part != null) {
        all.append("\npart " + i + " ").append(hex(new BlocksCodec(part.schema()), part));
      }
    }
    held.forEach(e -> all.append("\nheld ").append(hex(new KeptEventCodec.Held(), e)));
    waiting.forEach(
        (id, w) ->
            all.append("\nwaiting " + id + " ").append(hex(new KeptEventCodec.Waiting(), w)));
    early.forEach(
        (id, w) -> all.append("\nearly " + id + " ").append(hex(new KeptEventCodec.Waiting(), w)));
    return all.append("\nrecent ").append(recent).toString();
  }

  private static <T> String hex(ByteCodec<T> codec, T value) {
    int length = codec.encode(value);
    return HexFormat.of().formatHex(codec.array(), 0, length);
  }
}
