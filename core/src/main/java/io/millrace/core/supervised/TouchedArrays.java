package io.millrace.core.supervised;

/** {@link PackedArrays} of a key that holds all features, in arrays over all of them. */
final class TouchedArrays extends PackedArrays {
  private final FeatureBlocks blocks;

  /** Arrays for up to {@code length} parameters; see {@link PackedArrays#PackedArrays}. */
  TouchedArrays(SlotTable table, int length, FeatureBlocks blocks, CoordinateMap map) {
    super(table, length, map);
    this.blocks = blocks;
  }

  @Override
  void gather(int place, double[] block, double[] to) {
    blocks.gather(block, map, to);
  }

  @Override
  void scatter(double[] from, int place, double[] block) {
    blocks.scatter(from, map, block);
  }
}
