package io.millrace.core.bandit;

import java.io.Serializable;

/**
 * Sizes of a tuner, fixed for the life of its state.
 *
 * @param maxArms arms that there may ever be, added ones included; at least 1
 * @param contextLength numbers that a request brings; 0: none
 * @param featureLength numbers that a request brings for every arm; 0: none
 */
public record PolicyShape(int maxArms, int contextLength, int featureLength)
    implements Serializable {
  public PolicyShape {
    if (maxArms < 1 || contextLength < 0 || featureLength < 0) {
      throw new IllegalStateException(
          "sizes " + maxArms + ", " + contextLength + ", " + featureLength + " of a tuner");
    }
  }
}
