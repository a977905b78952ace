package io.millrace.cli.tune;

import io.millrace.cli.console.CommandFailed;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The policies that a command line names, made as soon as the log has shown what they need. */
final class PolicyChoice {
  private static final String FIXED = "fixed";
  private static final String UNIFORM = "uniform";
  private static final String LOGGED = "logged";

  /** What is evaluated where nothing is named. */
  static final List<String> DEFAULT = List.of(FIXED, UNIFORM, LOGGED);

  private final Set<String> awaited = new LinkedHashSet<>();
  private final boolean everyArm;

  /**
   * A choice.
   *
   * @param names as {@code --policy} has them
   */
  PolicyChoice(List<String> names) {
    awaited.addAll(names);
    everyArm = awaited.remove(FIXED);
    for (String name : awaited) {
      if (!name.equals(UNIFORM) && !name.equals(LOGGED) && !name.startsWith(FIXED + ":")) {
        throw new CommandFailed(
            "--policy " + name + "; known: fixed (each arm), fixed:ARM, uniform, logged");
      }
    }
  }

  /** The policies that need nothing of the log. */
  List<EvaluatedPolicy> atStart() {
    List<EvaluatedPolicy> all = new ArrayList<>();
    if (awaited.remove(UNIFORM)) {
      all.add(EvaluatedPolicy.uniform());
    }
    if (awaited.remove(LOGGED)) {
      all.add(EvaluatedPolicy.logged());
    }
    return all;
  }

  /** The policies that an arm brings which the log has not had before. */
  List<EvaluatedPolicy> atArm(String name, int index) {
    boolean named = awaited.remove(FIXED + ":" + name);
    return everyArm || named ? List.of(EvaluatedPolicy.fixed(name, index)) : List.of();
  }

  /**
   * Says that the log is over.
   *
   * @throws CommandFailed if a policy was named whose arm has not come
   */
  void end(Set<String> arms) {
    for (String name : awaited) {
      throw new CommandFailed("--policy " + name + "; the log has no such arm; it has " + arms);
    }
  }
}
