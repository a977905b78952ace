package io.millrace.operators.sample;

import io.millrace.core.features.Rows;
import io.millrace.core.sample.data.ClientRows;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import io.millrace.operators.handler.BlockSpec;
import io.millrace.operators.handler.Key;
import io.millrace.schemas.DecodeException;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.SurrogateEpoch;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is kept of a client beside its journal: rows as they are and frozen, and the epochs that
 * tokens may name. Aimed at one key after another; holds nothing of a key between events.
 */
final class ClientState {
  /** A version of rows, or an epoch, that there is none of. */
  static final long NONE = 0;

  private static final String ALGORITHM = "client-rows";
  private static final int ARRIVALS = 0;
  private static final int KEPT = 1;
  private static final int PLACES = 2;
  private static final int EPOCHS = 3;
  private static final int FROZEN = 4;

  /** Of the epoch in force, the one before, the one being agreed on, and the last two offers. */
  private static final int COPIES = 5;

  private static final String COUNTS = "counts";
  private static final String LIVE = "live";
  private static final String BEFORE = "before";
  private static final String ASKED = "asked";
  private static final byte[] NOTHING = {};

  /** Places in {@link #COUNTS}. */
  private enum Count {
    /** Version offered last. */
    OFFERED,
    /** Version offered before that. */
    OFFERED_BEFORE,
    /** Newest incarnation of the posterior that has been heard of. */
    HEARD,
    /** The epoch in force, and its version of the rows. */
    LIVE,
    LIVE_ROWS,
    /** The same of the epoch before. */
    BEFORE,
    BEFORE_ROWS,
    /** Version that what was asked last names. */
    ASKED_ROWS
  }

  private final SampleOptions options;
  private final ClientRows rows;
  private Key key;

  ClientState(SampleOptions options) {
    this.options = options;
    SampleOptions.Clients c = options.clients();
    this.rows =
        new ClientRows(c.keeping(), c.rows(), options.model().input().width(), options.seed());
  }

  List<BlockSpec> blocks() {
    SortedMap<String, String> meaning = new TreeMap<>();
    meaning.put("data.discount", options.clients().discount().toString());
    meaning.put("data.keeping", options.clients().keeping().name());
    meaning.put("data.rows", Integer.toString(options.clients().rows()));
    meaning.put("features.dimension", Integer.toString(options.model().input().width()));
    meaning.put("seed", Long.toString(options.seed()));
    List<BlockSpec> blocks = new ArrayList<>();
    blocks.add(
        new BlockSpec("arrivals", ALGORITHM, rows.arrivalsSchema(), meaning)
            .growingTo(rows.arrivalsBytes()));
    blocks.add(
        new BlockSpec("rows", ALGORITHM, rows.keptSchema(), meaning).growingTo(rows.keptBytes()));
    blocks.add(
        new BlockSpec(
            "places",
            ALGORITHM,
            new StateSchema.Builder()
                .block(COUNTS, StateSchema.Type.LONGS, Count.values().length)
                .build(),
            meaning));
    blocks.add(
        new BlockSpec(
                "epochs",
                ALGORITHM,
                new StateSchema.Builder().bytes(LIVE).bytes(BEFORE).bytes(ASKED).build(),
                meaning)
            .growingTo(3 * options.epochBytes()));
    for (int i = 0; i < COPIES; i++) {
      blocks.add(
          new BlockSpec("frozen-" + i, ALGORITHM, rows.frozenSchema(), meaning)
              .growingTo(rows.frozenBytes()));
    }
    return blocks;
  }

  ClientState at(Key of) {
    key = of;
    return this;
  }

  /** Rows that have come. */
  long arrived() {
    return rows.arrived(key.read(ARRIVALS));
  }

  boolean hasRoom() {
    return rows.hasRoom(key.read(ARRIVALS));
  }

  /** Takes a row in, for which there is room. */
  void append(Rows from, int row) {
    LearnerState arrivals = key.write(ARRIVALS);
    if (rows.isDue(arrivals)) {
      rows.settle(arrivals, key.write(KEPT), key.name());
    }
    rows.append(arrivals, from, row);
  }

  /** Whether the rows are to be offered as they are now: a function of their number alone. */
  boolean isOfferDue() {
    SampleOptions.Clients c = options.clients();
    long offered = get(Count.OFFERED);
    return offered == NONE ? arrived() >= c.leastRows() : c.isOfferDue(offered, arrived());
  }

  /** Freezes the rows as they are and takes note that they are offered. */
  long offer() {
    set(Count.OFFERED_BEFORE, get(Count.OFFERED));
    set(Count.OFFERED, arrived());
    release();
    for (int i = 0; i < COPIES; i++) {
      if (rows.version(key.read(FROZEN + i)) == NONE) {
        return rows.freeze(key.write(ARRIVALS), key.write(KEPT), key.write(FROZEN + i), key.name());
      }
    }
    throw new IllegalStateException("no room for a copy of the rows of '" + key.name() + "'");
  }

  /** Version offered last. */
  long offered() {
    return get(Count.OFFERED);
  }

  /** Reads the frozen copy of a version; false: there is none. */
  boolean load(long version, Rows into) {
    int at = find(version);
    if (at >= 0) {
      rows.load(key.read(FROZEN + at), into);
    }
    return at >= 0;
  }

  boolean isFrozen(long version) {
    return find(version) >= 0;
  }

  private int find(long version) {
    for (int i = 0; i < COPIES; i++) {
      if (rows.version(key.read(FROZEN + i)) == version) {
        return i;
      }
    }
    return -1;
  }

  /** Gives up the copies that no message may name any more. */
  private void release() {
    for (int i = 0; i < COPIES; i++) {
      long v = rows.version(key.read(FROZEN + i));
      if (v != NONE
          && v != get(Count.LIVE_ROWS)
          && v != get(Count.BEFORE_ROWS)
          && v != get(Count.ASKED_ROWS)
          && v != get(Count.OFFERED)
          && v != get(Count.OFFERED_BEFORE)) {
        key.renew(FROZEN + i);
      }
    }
  }

  /** Newest incarnation of the posterior. */
  long heard() {
    return get(Count.HEARD);
  }

  /** A newer incarnation is heard of: what the one before it had agreed on is over. */
  void hear(long incarnation) {
    for (Count c : List.of(Count.LIVE, Count.BEFORE)) {
      set(c, NONE);
    }
    for (Count c : List.of(Count.LIVE_ROWS, Count.BEFORE_ROWS, Count.ASKED_ROWS)) {
      set(c, NONE);
    }
    set(Count.HEARD, incarnation);
    key.renew(EPOCHS);
    release();
  }

  /** Number of the epoch in force. */
  long live() {
    return get(Count.LIVE);
  }

  /** Version of the rows that an epoch has; {@link #NONE}: it is not kept. */
  long rowsOf(long epoch) {
    return epoch == NONE
        ? NONE
        : epoch == get(Count.LIVE)
            ? get(Count.LIVE_ROWS)
            : epoch == get(Count.BEFORE) ? get(Count.BEFORE_ROWS) : NONE;
  }

  /** An epoch that is kept. */
  SurrogateEpoch epoch(long number) {
    return decode(number == get(Count.LIVE) ? LIVE : BEFORE);
  }

  /** What was asked last and may not have been answered; null: nothing. */
  SurrogateEpoch asked() {
    return key.read(EPOCHS).bytes(ASKED).length == 0 ? null : decode(ASKED);
  }

  void ask(long version, byte[] request) {
    set(Count.ASKED_ROWS, version);
    key.write(EPOCHS).setBytes(ASKED, request);
    release();
  }

  /** What was asked has been answered. */
  void answered() {
    key.write(EPOCHS).setBytes(ASKED, NOTHING);
  }

  /** An epoch is in force. */
  void enter(long number, long version, byte[] epoch) {
    set(Count.BEFORE, get(Count.LIVE));
    set(Count.BEFORE_ROWS, get(Count.LIVE_ROWS));
    set(Count.LIVE, number);
    set(Count.LIVE_ROWS, version);
    set(Count.ASKED_ROWS, NONE);
    LearnerState epochs = key.write(EPOCHS);
    epochs.setBytes(BEFORE, epochs.bytes(LIVE));
    epochs.setBytes(LIVE, epoch);
    epochs.setBytes(ASKED, NOTHING);
    release();
  }

  private SurrogateEpoch decode(String block) {
    try {
      return SingleObject.standard().decode(SurrogateEpoch.class, key.read(EPOCHS).bytes(block));
    } catch (DecodeException e) {
      throw new IllegalStateException("an epoch was read before and cannot be", e);
    }
  }

  private long get(Count count) {
    return key.read(PLACES).longs(COUNTS)[count.ordinal()];
  }

  private void set(Count count, long value) {
    key.write(PLACES).longs(COUNTS)[count.ordinal()] = value;
  }
}
