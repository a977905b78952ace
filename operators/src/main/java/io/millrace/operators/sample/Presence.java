package io.millrace.operators.sample;

import io.millrace.operators.sample.RouterState.At;
import io.millrace.operators.sample.RouterState.Count;
import io.millrace.operators.sample.RouterState.Of;

/**
 * Who is there, by the posterior's clock: what is not answered is sent again, and who does not
 * answer at all is absent until something is heard of it.
 */
final class Presence {
  private final SampleOptions options;
  private final RouterState state;
  private final Agreement agreement;
  private final ChainSchedule schedule;
  private final RouterPublishing publishing;
  private final RouterMetrics metrics;

  Presence(
      SampleOptions options,
      RouterState state,
      Agreement agreement,
      ChainSchedule schedule,
      RouterPublishing publishing,
      RouterMetrics metrics) {
    this.options = options;
    this.state = state;
    this.agreement = agreement;
    this.schedule = schedule;
    this.publishing = publishing;
    this.metrics = metrics;
  }

  /** Time has passed. */
  void pass(long now, long incarnation) {
    boolean first = state.get(Count.CLOCK) == 0;
    state.set(Count.CLOCK, now);
    if (first) {
      start(now);
    }
    welcome(now);
    overdueClients(incarnation, now);
    overdueChains(incarnation, now);
  }

  /** What was sent before there was a clock was sent now. */
  private void start(long now) {
    state.set(Count.SINCE, now);
    for (int c = 0; c < state.clients(); c++) {
      state.set(c, Of.SENT_AT, now);
    }
    for (int c = 0; c < options.chains().count(); c++) {
      state.set(c, At.SENT_AT, now);
    }
  }

  /** Clients that have come back, and have been there for long enough, are visited again. */
  private void welcome(long now) {
    for (int c = 0; c < state.clients(); c++) {
      if (state.is(c, Of.RETURNED_AT)
          && now - state.get(c, Of.RETURNED_AT) >= options.patience().grace().toMillis()) {
        state.set(c, Of.MISSING_SINCE, 0);
        state.set(c, Of.RETURNED_AT, 0);
        publishing.changed();
      }
    }
  }

  private boolean isOverdue(long sentAt, long attempt, long now) {
    return now - sentAt >= options.patience().timeout().toMillis() << Math.min(attempt, 20);
  }

  private void overdueClients(long incarnation, long now) {
    for (int c = 0; c < state.clients(); c++) {
      if (agreement.isAwaited(c)
          && isOverdue(state.get(c, Of.SENT_AT), state.get(c, Of.ATTEMPT), now)) {
        long attempt = state.get(c, Of.ATTEMPT) + 1;
        // Where it is in no epoch, nothing stands for it: it is asked until it answers.
        if (attempt >= options.patience().attempts() && state.is(c, Of.ROWS)) {
          lose(c, incarnation, now);
        } else {
          state.set(c, Of.ATTEMPT, attempt);
          state.set(c, Of.SENT_AT, now);
          agreement.send(c, incarnation);
          metrics.resent.inc();
          publishing.changed();
        }
      }
    }
  }

  private void overdueChains(long incarnation, long now) {
    for (int c = 0; c < options.chains().count(); c++) {
      int target = (int) state.get(c, At.TARGET);
      if (state.get(c, At.STARTED) == 0) {
        continue;
      }
      if (target == RouterState.NOBODY) {
        schedule.dispatch(c, incarnation);
      } else if (isOverdue(state.get(c, At.SENT_AT), state.get(c, At.ATTEMPT), now)) {
        long attempt = state.get(c, At.ATTEMPT) + 1;
        if (attempt < options.patience().attempts()) {
          state.set(c, At.ATTEMPT, attempt);
          state.set(c, At.SENT_AT, now);
          schedule.send(c, incarnation);
          metrics.resent.inc();
        } else {
          lose(target, incarnation, now);
          schedule.giveUp(c, incarnation);
        }
      }
    }
  }

  /** A client does not answer. */
  private void lose(int client, long incarnation, long now) {
    if (!state.is(client, Of.MISSING_SINCE)) {
      state.set(client, Of.MISSING_SINCE, now);
      metrics.clientsLost.inc();
      publishing.changed();
    }
    agreement.lose(client, incarnation);
  }

  /** Something has come from a client. */
  void heard(int client, long incarnation) {
    if (state.is(client, Of.MISSING_SINCE) && !state.is(client, Of.RETURNED_AT)) {
      state.set(client, Of.RETURNED_AT, Math.max(1, state.get(Count.CLOCK)));
      agreement.tell(client, incarnation);
      publishing.changed();
    }
  }
}
