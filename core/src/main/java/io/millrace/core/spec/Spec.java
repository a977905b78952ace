package io.millrace.core.spec;

import java.util.List;
import java.util.Optional;

/**
 * Everything the system knows of an algorithm, declared in the algorithm's own file and listed once
 * in the registry of its kind: a class with the plural as its name, the list {@code ALL} and the
 * lookup {@code spec(id)}.
 */
public interface Spec {
  /** Name in configurations, unique within its registry. */
  String id();

  /** Where the rule comes from. */
  Source source();

  /** The one with an id. */
  static <S extends Spec> Optional<S> find(List<S> all, String id) {
    return all.stream().filter(s -> s.id().equals(id)).findFirst();
  }

  /** The ids, in the order of the registry. */
  static List<String> ids(List<? extends Spec> all) {
    return all.stream().map(Spec::id).toList();
  }
}
