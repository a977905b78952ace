package io.millrace.cli.demo;

import io.millrace.cli.console.Count;
import io.millrace.cli.console.Output;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the demo of the {@code dictionary} job saw.
 *
 * @param signals sent
 * @param points objective of the held-back patches under every published dictionary
 * @param codes what the job published of the signals
 * @param holdOut patches held back
 * @param error mean of {@code ||x - x'|| / ||x - mean(x)||} of the held-back patches
 * @param attribution of the photographs
 * @param seconds from the start of the broker to the last image
 */
record DictionaryReport(
    DemoFlow flow,
    int signals,
    List<Point> points,
    Codes codes,
    int holdOut,
    double error,
    String attribution,
    double seconds)
    implements DemoReport {
  /** File name of the image of the atoms. */
  static final String ATOMS = "atoms.png";

  /** File name of the image of patches before and after. */
  static final String PATCHES = "patches.png";

  /**
   * A published dictionary.
   *
   * @param signals it has learned from
   * @param objective mean over the held-back patches
   */
  record Point(String key, long version, long signals, double objective) {}

  /** How many codes there are, their mean non-zeros and mean objective. */
  record Codes(long count, double nonZeros, double objective) {}

  /** Whether the last dictionary of every key does better than its first. */
  boolean fell() {
    Map<String, Double> first = new LinkedHashMap<>();
    Map<String, Double> last = new LinkedHashMap<>();
    for (Point p : points) {
      first.putIfAbsent(p.key(), p.objective());
      last.put(p.key(), p.objective());
    }
    return !first.isEmpty() && first.keySet().stream().allMatch(k -> last.get(k) < first.get(k));
  }

  @Override
  public boolean good() {
    return flow.complete() && codes.count() == flow.learned() + flow.unfinished() && fell();
  }

  @Override
  public Map<String, Object> json() {
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("signals", signals);
    flow.counts(o);
    o.put("holdOutSignals", holdOut);
    o.put(
        "holdOutObjective",
        points.stream()
            .map(
                p -> {
                  Map<String, Object> point = new LinkedHashMap<>();
                  point.put("key", p.key());
                  point.put("version", p.version());
                  point.put("signals", p.signals());
                  point.put("objective", p.objective());
                  return point;
                })
            .toList());
    o.put("objectiveFell", fell());
    o.put("codes", codes.count());
    o.put("meanNonZeros", codes.nonZeros());
    o.put("meanObjective", codes.objective());
    o.put("reconstructionError", error);
    o.put("atomsImage", flow.directory().resolve(ATOMS).toString());
    o.put("patchesImage", flow.directory().resolve(PATCHES).toString());
    o.put("attribution", attribution);
    flow.rest(o, seconds);
    return o;
  }

  @Override
  public void print(Output output) {
    flow.printCounts(output);
    Point first = points.get(0);
    Point last = points.get(points.size() - 1);
    output.say(
        "held back    mean objective %.4f after %s, %.4f after %,d, on %s",
        first.objective(),
        Count.of(first.signals(), "signal"),
        last.objective(),
        last.signals(),
        Count.of(holdOut, "patch"));
    output.say(
        "codes        %,d, %.1f non-zeros and objective %.4f in the mean",
        codes.count(), codes.nonZeros(), codes.objective());
    output.say("reconstruction of the held-back patches: relative error %.3f", error);
    output.say("atoms        %s", flow.directory().resolve(ATOMS));
    output.say("patches      %s, before (left) and after", flow.directory().resolve(PATCHES));
    output.say("photographs  %s", attribution);
    flow.printRest(output, seconds);
  }

  @Override
  public String key() {
    return points.get(0).key();
  }

  @Override
  public String bootstrapServers() {
    return flow.bootstrapServers();
  }

  @Override
  public String yaml() {
    return DictionaryDemo.YAML;
  }
}
