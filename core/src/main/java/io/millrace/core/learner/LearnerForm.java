package io.millrace.core.learner;

import io.millrace.core.ConfigException;
import io.millrace.core.features.InputSpec;
import io.millrace.core.scaling.Scaling;
import io.millrace.core.spec.Choice;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The checked settings that a learner is made of.
 *
 * @param setup as configured
 * @param words one for every {@link Choice} of the learner
 * @param values of all its hyperparameters
 */
public record LearnerForm(
    LearnerSpec spec, LearnerSetup setup, Map<String, String> words, HyperValues values) {
  /** Before the names of words and hyperparameters. */
  static final String SECTION = "model";

  /**
   * Checks what is configured.
   *
   * @throws ConfigException listing every fault
   */
  public static LearnerForm of(LearnerSpec spec, LearnerSetup setup) {
    List<String> faults = new ArrayList<>();
    String owner = "model.kind '" + spec.id() + "'";
    if (!spec.targets().contains(setup.input().target())) {
      faults.add(
          owner
              + " takes labels "
              + spec.targets()
              + ", the input declares "
              + setup.input().target());
    }
    if (!spec.scales() && setup.scaling() != Scaling.NONE) {
      faults.add(
          "features.scaling = '"
              + setup.scaling()
              + "'; must be absent because "
              + owner
              + " takes features as they come");
    }
    checkFeatures(spec, setup, owner, faults);
    Map<String, String> words = Choice.words(SECTION, owner, spec.choices(), setup.words(), faults);
    HyperValues values = null;
    try {
      values = HyperValues.of(SECTION, spec.hypers(), setup.hyperparameters());
    } catch (ConfigException e) {
      faults.addAll(e.faults());
    }
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
    return new LearnerForm(spec, setup, words, values);
  }

  private static void checkFeatures(
      LearnerSpec spec, LearnerSetup setup, String owner, List<String> faults) {
    int width = setup.input().width();
    if (!setup.nominal().isEmpty() && !(spec.nominal() && setup.input().dense())) {
      faults.add(
          "features.nominal = "
              + setup.nominal()
              + "; must be absent because "
              + (spec.nominal() ? "features.kind is not dense" : owner + " knows numbers alone"));
    }
    setup
        .nominal()
        .forEach(
            (feature, count) -> {
              if (feature < 0 || feature >= width || count < 2) {
                faults.add(
                    "features.nominal."
                        + feature
                        + " = "
                        + count
                        + "; must be a number of values from 2 up, of a feature from 0 to "
                        + (width - 1));
              }
            });
    if (!setup.names().isEmpty() && setup.names().size() != width) {
      faults.add(
          "features.names: "
              + setup.names().size()
              + " names; must be "
              + width
              + ", one for each feature, or none");
    }
  }

  /** The same under other hyperparameters, given ones that are not among them kept. */
  LearnerForm with(Map<String, Double> changed) {
    Map<String, Double> all = new TreeMap<>(setup.hyperparameters());
    all.putAll(changed);
    return of(spec, setup.withHyperparameters(all));
  }

  /** Features and label. */
  public InputSpec input() {
    return setup.input();
  }

  /** Number of features. */
  public int width() {
    return setup.input().width();
  }

  /** Number of classes; 0: labels are no classes. */
  public int classes() {
    return setup.input().classes().size();
  }

  /** Of the job. */
  public long seed() {
    return setup.seed();
  }

  /** Number of values of a feature; 0: it is numeric. */
  public int values(int feature) {
    return setup.nominal().getOrDefault(feature, 0);
  }

  /** Name of a feature, or its place. */
  public String name(int feature) {
    return setup.names().isEmpty() ? "x" + feature : setup.names().get(feature);
  }

  /** The word chosen. */
  public String word(Choice choice) {
    return words.get(choice.name());
  }

  /** The value in force. */
  public double get(Hyper hyper) {
    return values.get(hyper);
  }

  /** The value in force, of a range of whole numbers. */
  public int whole(Hyper hyper) {
    return (int) values.get(hyper);
  }

  /** Whether a flag is set. */
  public boolean flag(Hyper hyper) {
    return values.flag(hyper);
  }

  /**
   * The values of a list, one for each feature; one alone counts for all.
   *
   * @throws ConfigException if there are neither one nor as many as there are features
   */
  public double[] perFeature(Hyper hyper) {
    double[] given = values.list(hyper);
    if (given.length == width()) {
      return given;
    }
    if (given.length != 1) {
      throw new ConfigException(
          SECTION
              + "."
              + hyper.name()
              + ": "
              + given.length
              + " values; must be one for all features, or one for each of "
              + width());
    }
    double[] all = new double[width()];
    Arrays.fill(all, given[0]);
    return all;
  }
}
