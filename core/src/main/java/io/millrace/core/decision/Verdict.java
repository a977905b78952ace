package io.millrace.core.decision;

import java.util.Locale;

/** What became of a candidate at one event; see {@link PromotionGate}. */
public enum Verdict {
  /** A challenger begins to be compared with the champion. */
  STARTED,

  /** The candidate is not compared with anything at present; nothing has changed. */
  IGNORED,

  /** The gain is not finite or beyond the bound; nothing has changed. */
  REFUSED,

  /** Nothing is proven yet. */
  RUNNING,

  /** The challenger is better than the champion and takes its place, on probation. */
  PROMOTED,

  /** The challenger is worse than the champion. */
  DROPPED_WORSE,

  /** The challenger has had as many events as it may have and is neither. */
  DROPPED_TIMEOUT,

  /** The challenger was taken out by its owner. */
  WITHDRAWN,

  /** The new champion is still compared with the one before. */
  PROBATION,

  /**
   * The new champion has passed its probation; the one before may be freed, unless it runs as a
   * challenger.
   */
  CONFIRMED,

  /** The new champion is worse than the one before, which serves again: proven. */
  ROLLBACK_PROVEN,

  /** The new champion has become far worse in the last events: a brake, without a guarantee. */
  ROLLBACK_HARD;

  /** Name in outputs. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether the champion is another one after this. */
  public boolean changesChampion() {
    return this == PROMOTED || rollsBack();
  }

  /** Whether the champion before the present one serves again. */
  public boolean rollsBack() {
    return this == ROLLBACK_PROVEN || this == ROLLBACK_HARD;
  }

  /** Whether it is about a champion on probation, and not about a challenger. */
  public boolean isOfProbation() {
    return this == PROBATION || this == CONFIRMED || rollsBack();
  }

  /** Whether something has been decided: the candidate goes, stays for good, or serves. */
  public boolean ends() {
    return changesChampion() || drops() || this == CONFIRMED;
  }

  /** Whether the candidate's state is of no use any more. */
  public boolean drops() {
    return this == DROPPED_WORSE || this == DROPPED_TIMEOUT || this == WITHDRAWN;
  }
}
