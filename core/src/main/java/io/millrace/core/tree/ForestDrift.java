package io.millrace.core.tree;

/** What watches the errors of a forest's trees. */
public enum ForestDrift {
  /** Two windows, an eager one for warnings. */
  ADWIN,
  /** One Page-Hinkley test and its two answers. */
  PAGE_HINKLEY,
  /** Nothing: trees stay. */
  NONE
}
