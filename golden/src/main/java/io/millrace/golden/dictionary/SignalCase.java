package io.millrace.golden.dictionary;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.compute.Vectors;
import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.CodeMeasures;
import io.millrace.core.dictionary.CoderSpec;
import io.millrace.core.dictionary.Gram;
import io.millrace.core.dictionary.SparseCoder;
import io.millrace.core.dictionary.learner.Coders;
import io.millrace.core.spec.HyperValues;
import io.millrace.golden.kind.Fields;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A dictionary {@code D} and a signal {@code y} of a golden file, as coders see them. */
final class SignalCase {
  final int dimension;
  final int atoms;
  final Gram gram;
  final double[] c;
  final double xx;
  final Workspace workspace = new Workspace();

  SignalCase(JsonNode inputs) {
    double[] d = Matrices.columns(inputs, "D");
    dimension = Matrices.rows(inputs, "D");
    atoms = d.length / dimension;
    double[] y = Fields.flat("y", Fields.array(inputs, "y"), dimension);
    double[] products = new double[atoms * atoms];
    c = new double[atoms];
    for (int i = 0; i < atoms; i++) {
      c[i] = Vectors.dot(d, i * dimension, y, 0, dimension);
      for (int j = 0; j < atoms; j++) {
        products[i * atoms + j] = Vectors.dot(d, i * dimension, d, j * dimension, dimension);
      }
    }
    gram = new Gram().aim(atoms, products);
    xx = Vectors.dot(y, 0, y, 0, dimension);
  }

  /** Coders of the catalogue that have a hyperparameter of this name. */
  static List<CoderSpec> codersWith(String hyper) {
    return Coders.ALL.stream().filter(s -> has(s, hyper)).toList();
  }

  private static boolean has(CoderSpec spec, String hyper) {
    return spec.hypers().apply(1).stream().anyMatch(h -> h.name().equals(hyper));
  }

  /** A coder with those of the values that it knows. */
  SparseCoder coder(CoderSpec spec, Map<String, Double> values) {
    Map<String, Double> known =
        values.entrySet().stream()
            .filter(e -> has(spec, e.getKey()))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    return spec.make().apply(HyperValues.of(spec.id(), spec.hypers().apply(dimension), known));
  }

  /** The code that follows from a start. */
  double[] code(SparseCoder coder, double[] start) {
    double[] a = start.clone();
    coder.encode(gram, c, 0, xx, a, 0, workspace);
    return a;
  }

  /** The code from zeros. */
  double[] code(SparseCoder coder) {
    return code(coder, new double[atoms]);
  }

  double objective(SparseCoder coder, double[] code) {
    return CodeMeasures.objective(coder, gram, c, 0, xx, code, 0);
  }
}
