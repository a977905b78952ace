package io.millrace.core.sample.chain;

import io.millrace.core.compute.Vectors;
import io.millrace.core.compute.Workspace;
import io.millrace.core.optim.StateSlots;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.sample.LocalStep;
import io.millrace.core.sample.Shard;
import io.millrace.core.state.LearnerState;

/**
 * Takes chains through visits. A chain is its state: theta, what the diffusion keeps, and the
 * number of steps taken. The noise and the rows of step t are functions of job seed, chain and t,
 * so the same visit to the same rows gives the same bits, wherever and however often it is made.
 * Holds scratch only; one serves all chains. Not thread-safe.
 */
public final class Chain {
  private final Sampler sampler;
  private final PhiloxDraws draws;
  private final LocalStep step;
  private final Workspace workspace;
  private LearnerState before;

  /**
   * For the chains of a job.
   *
   * @param jobSeed of all draws
   */
  public Chain(Sampler sampler, long jobSeed, Workspace workspace) {
    this.sampler = sampler;
    this.draws = new PhiloxDraws(jobSeed, "");
    this.step = new LocalStep(workspace);
    this.workspace = workspace;
  }

  /**
   * A chain that has taken no step.
   *
   * @param start [d], copied
   */
  public LearnerState begin(double[] start) {
    LearnerState chain = new LearnerState(sampler.chainSchema(start.length));
    System.arraycopy(start, 0, chain.block(Sampler.THETA), 0, start.length);
    return chain;
  }

  /** What a client keeps of a chain that comes for the first time. */
  public LearnerState meet(Shard shard, LearnerState chain) {
    int size = shard.likelihood().size();
    LearnerState client = new LearnerState(sampler.clientSchema(size, shard.likelihood().rows()));
    sampler.estimator().initialize(shard, chain.block(Sampler.THETA), new StateSlots(client));
    return client;
  }

  /**
   * Local steps at a client. Where one leads to a number that is not finite, or too large, the
   * chain is as it was before the visit.
   *
   * @param chain from {@link #begin}, modified in place
   * @param chainId names the chain's draws
   * @param client from {@link #meet}, modified in place
   * @param sink told of every point, of a visit that diverges until it does
   * @return false where the visit has diverged
   */
  public boolean visit(
      LearnerState chain,
      String chainId,
      Shard shard,
      LearnerState client,
      VisitOptions options,
      DrawSink sink) {
    double[] theta = chain.block(Sampler.THETA);
    remember(chain);
    StateSlots chainSlots = new StateSlots(chain);
    StateSlots clientSlots = new StateSlots(client);
    draws.at(chainId, chain.steps());
    for (int l = 0; l < options.localSteps(); l++) {
      long t = chain.steps();
      step.aim(t, options.stepSize().at(t), options.temperature(), draws.at(t));
      sampler.step(shard, theta, chainSlots, clientSlots, step);
      chain.setSteps(t + 1);
      if (!fine(chain, options.largest())) {
        restore(chain);
        return false;
      }
      sink.draw(t, theta);
    }
    return true;
  }

  /**
   * How much the choice of rows adds to the noise of a step where the chain is, as a part of the
   * noise that is meant, by two estimates of v: for `sgld` {@code h tr Cov(v) / (4 d T)}, see
   * {@link io.millrace.core.sample.Diffusion#noiseRatio}. One measurement of something that varies;
   * the mean over visits counts. The estimates are those of the step that was taken last: one that
   * begins anew every so many steps is not caught at a beginning. Above about 0.1 it widens the
   * posterior visibly: take a smaller step, a larger mini-batch, or a control variate. Changes
   * nothing. Costs two steps.
   *
   * @param client from {@link #meet}
   * @param options at a temperature above 0
   */
  public double noiseRatio(
      LearnerState chain, String chainId, Shard shard, LearnerState client, VisitOptions options) {
    double[] theta = chain.block(Sampler.THETA);
    int d = theta.length;
    double[] meanRow = workspace.array("mean-row", d);
    double[] one = workspace.array("noise-one", d);
    double[] other = workspace.array("noise-other", d);
    long t = chain.steps();
    long last = Math.max(t - 1, 0);
    double h = options.stepSize().at(last);
    boolean keeps = client.schema().size() > 0; // an estimate may change what a client keeps
    for (int i = 0; i < 2; i++) {
      step.aim(last, h, options.temperature(), draws.at(chainId + "/noise-" + i, t));
      StateSlots slots = new StateSlots(keeps ? client.copy() : client);
      sampler.drift(shard, theta, slots, step, i == 0 ? one : other, meanRow);
    }
    for (int j = 0; j < d; j++) {
      double apart = one[j] - other[j];
      one[j] = apart * apart / 2;
    }
    return sampler.diffusion().noiseRatio(theta, one, new StateSlots(chain), step);
  }

  private static boolean fine(LearnerState chain, double largest) {
    double[] theta = chain.block(Sampler.THETA);
    if (!Vectors.allWithin(theta, theta.length, largest)) {
      return false;
    }
    for (int b = 1; b < chain.schema().size(); b++) {
      double[] slot = chain.block(b);
      if (!Vectors.allFinite(slot, slot.length)) {
        return false;
      }
    }
    return true;
  }

  private void remember(LearnerState chain) {
    if (before == null || !before.schema().equals(chain.schema())) {
      before = new LearnerState(chain.schema());
    }
    copy(chain, before);
  }

  private void restore(LearnerState chain) {
    copy(before, chain);
  }

  private static void copy(LearnerState from, LearnerState to) {
    for (int b = 0; b < from.schema().size(); b++) {
      System.arraycopy(from.block(b), 0, to.block(b), 0, from.block(b).length);
    }
    to.setSteps(from.steps());
  }

  /** Scratch that the steps use. */
  public Workspace workspace() {
    return workspace;
  }
}
