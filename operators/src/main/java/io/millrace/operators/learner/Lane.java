package io.millrace.operators.learner;

import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.Outcome;
import io.millrace.operators.handler.BlockSpec;
import java.util.SortedMap;
import java.util.TreeMap;

/** One of the learners that a stage runs on the same events, and where its numbers are kept. */
final class Lane {
  /** Place among the lanes; 0: the configured learner. */
  final int number;

  final String name;

  /** Part of a key with the learner's blocks. */
  final int model;

  /** Part of a key with what the contest keeps about the lane; -1: there is no contest. */
  final int standing;

  final Variants variants;

  /** What it made of the event at hand. */
  final Outcome outcome = new Outcome();

  /** What the name is in arrays of doubles. */
  final double tag;

  Lane(int number, String name, int model, int standing, OnlineLearner learner) {
    this.number = number;
    this.name = name;
    this.model = model;
    this.standing = standing;
    this.variants = new Variants(learner);
    this.tag = tag(name);
  }

  /** The learner as configured. */
  OnlineLearner learner() {
    return variants.base();
  }

  /** Takes what another call has made of the event at hand. */
  void take(Outcome made) {
    if (outcome.raw.length < made.rawCount) {
      outcome.raw = new double[made.raw.length];
    }
    System.arraycopy(made.raw, 0, outcome.raw, 0, made.rawCount);
    outcome.rawCount = made.rawCount;
    outcome.loss = made.loss;
  }

  /** Whether one starts from what the other has published. */
  boolean isOfForm(Lane other) {
    return this == other || learner().meaning().equals(other.learner().meaning());
  }

  /** The part of a key's state with a learner's blocks. */
  static BlockSpec blocks(String name, OnlineLearner learner, String backend) {
    SortedMap<String, String> meaning = new TreeMap<>(learner.meaning());
    meaning.put("compute.backend", backend);
    return new BlockSpec(
            name,
            learner.algorithm(),
            learner.stateVersion(),
            learner.schema(),
            meaning,
            learner::upgrade)
        .growingTo(learner.expectedBytes())
        .orIn(learner.readable(), learner::reform);
  }

  /** FNV-1a over the characters, the last 52 bits: a whole number. */
  private static double tag(String name) {
    long h = 0xcbf29ce484222325L;
    for (int i = 0; i < name.length(); i++) {
      h = (h ^ name.charAt(i)) * 0x100000001b3L;
    }
    return h & (1L << 52) - 1;
  }
}
