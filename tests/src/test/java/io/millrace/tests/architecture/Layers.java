package io.millrace.tests.architecture;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What uses what, in layers: everything lies above all that it uses. */
final class Layers {
  private final Map<String, Set<String>> uses;
  private final Map<String, Integer> heights = new TreeMap<>();

  /**
   * Layers of a graph.
   *
   * @param uses what each uses; what is not a key of the map is left out
   * @throws AssertionError naming a circle, if there is one
   */
  Layers(Map<String, Set<String>> uses) {
    this.uses = new TreeMap<>();
    uses.forEach(
        (name, used) -> {
          Set<String> inside = new TreeSet<>(used);
          inside.retainAll(uses.keySet());
          this.uses.put(name, inside);
        });
    this.uses.keySet().forEach(name -> height(name, new ArrayList<>()));
  }

  /** 0 for what uses nothing, else one more than the highest it uses. */
  private int height(String name, List<String> way) {
    if (way.contains(name)) {
      throw new AssertionError("a circle: " + way.subList(way.indexOf(name), way.size()));
    }
    Integer known = heights.get(name);
    if (known != null) {
      return known;
    }
    way.add(name);
    int height = uses.get(name).stream().mapToInt(used -> 1 + height(used, way)).max().orElse(0);
    way.remove(name);
    heights.put(name, height);
    return height;
  }

  /** The layers, the top one first, each in alphabetical order. */
  List<List<String>> fromTheTop() {
    List<List<String>> layers = new ArrayList<>();
    heights.forEach(
        (name, height) -> {
          while (layers.size() <= height) {
            layers.add(0, new ArrayList<>());
          }
          layers.get(layers.size() - 1 - height).add(name);
        });
    return layers;
  }

  /** What one uses and would not reach by way of anything else that it uses. */
  Set<String> arrows(String name) {
    Set<String> arrows = new TreeSet<>(uses.get(name));
    uses.get(name).forEach(used -> arrows.removeAll(below(uses.get(used))));
    return arrows;
  }

  /** All that one uses, directly or not. */
  Set<String> below(String name) {
    return below(uses.get(name));
  }

  private Set<String> below(Collection<String> names) {
    Set<String> all = new HashSet<>(names);
    names.forEach(name -> all.addAll(below(uses.get(name))));
    return all;
  }
}
