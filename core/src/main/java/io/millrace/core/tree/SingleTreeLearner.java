package io.millrace.core.tree;

import io.millrace.core.learn.Figures;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.learner.LearnerForm;
import io.millrace.core.spec.Hyper;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import java.util.function.Supplier;

/**
 * What learners share whose state is the bytes of one tree: an eighth more than it needs at most,
 * and {@code max-bytes}, rounded up as {@link TreeMemory#length} says, and a header at most.
 */
abstract class SingleTreeLearner extends TreeLearner {
  /** Name of the block, and of the tensors. */
  static final String TREE = "tree";

  private final Supplier<TreeMemory> views;
  private final TreeTensors tensors;
  private final int maxNodes;
  private final long maxBytes;

  /**
   * A learner.
   *
   * @param views make views of such trees
   * @param drawnAt where the drawn attributes begin among a leaf's statistics
   * @throws io.millrace.core.ConfigException where a tree of one leaf is too large
   */
  SingleTreeLearner(
      LearnerForm form, Supplier<TreeMemory> views, int drawnAt, Hyper maxNodes, Hyper maxBytes) {
    super(form, new StateSchema.Builder().bytes(TREE));
    requireRoom(form, maxBytes, views.get());
    this.views = views;
    this.tensors = new TreeTensors(values(form), views.get(), drawnAt, 0);
    this.maxNodes = form.whole(maxNodes);
    this.maxBytes = form.whole(maxBytes);
  }

  /** A view of the tree of a state. */
  private TreeMemory view(LearnerState state) {
    return views.get().aim(state.bytes(TREE));
  }

  /** Keeps the array of a tree that may have become another one. */
  static void keep(LearnerState state, byte[] before, TreeMemory after) {
    if (after.bytes() != before) {
      state.setBytes(TREE, after.bytes());
    }
  }

  @Override
  public final long mostBytes() {
    return views.get().length(maxBytes);
  }

  @Override
  public final long publishedGrowth() {
    return tensors.mostBytes(views.get(), maxBytes);
  }

  @Override
  public final void figures(LearnerState state, Figures out) {
    figures(view(state), maxNodes, maxBytes, out);
  }

  @Override
  protected final void write(LearnerState state, ModelWriter out) {
    tensors.write(TREE, view(state), out);
  }

  @Override
  protected void requireTensors(PublishedModel from) {
    tensors.require(TREE, from);
  }

  @Override
  protected final void restore(LearnerState state, PublishedModel from) {
    state.setBytes(TREE, tensors.read(TREE, from, views.get()));
  }
}
