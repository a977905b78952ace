package io.millrace.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The settings of a job with a few others in their place: what a candidate beside the configured
 * model is given by. Only what a model is and how it learns may differ: all candidates take the
 * same events and are judged by the same loss.
 *
 * <p>A candidate that names another kind of model takes over nothing of the configured model but
 * loss and classes, and nothing of its optimizer; one that names an optimizer, or a schedule, none
 * of the configured one's hyperparameters.
 */
final class Differences {
  private static final String MODEL = "model";
  private static final String OPTIMIZER = "optimizer";
  private static final String SCHEDULE = "schedule";

  /** Its entries are Kafka's, whose names have dots. */
  private static final String KAFKA = "kafka";

  /** Settings of the model that are those of the job. */
  private static final Set<String> OF_THE_JOB = Set.of("loss", "loss-parameter", "classes");

  /** Settings of the optimizer's section that are not the optimizer's own. */
  private static final Set<String> OF_ANY_OPTIMIZER =
      Set.of(SCHEDULE, local(LearnSettings.BATCH_RULE), local(LearnSettings.BASE_BATCH));

  private Differences() {}

  private static String local(Setting<?> setting) {
    return setting.key().substring(setting.key().lastIndexOf('.') + 1);
  }

  /** Every setting that a candidate has of its own, by its whole name. */
  static Map<String, String> flat(JsonNode difference) {
    Map<String, String> all = new LinkedHashMap<>();
    flat("", nested(difference), all);
    return all;
  }

  private static void flat(String prefix, JsonNode node, Map<String, String> into) {
    for (Map.Entry<String, JsonNode> e : node.properties()) {
      if (e.getValue().isObject()) {
        flat(prefix + e.getKey() + ".", e.getValue(), into);
      } else {
        into.put(prefix + e.getKey(), e.getValue().toString());
      }
    }
  }

  /** Whether a candidate may differ in a setting. */
  static boolean allowed(String key) {
    return key.startsWith(OPTIMIZER + ".")
        || key.equals(LearnSettings.SCALING.key())
        || key.startsWith(MODEL + ".") && !OF_THE_JOB.contains(key.substring(MODEL.length() + 1));
  }

  /**
   * The document of a candidate.
   *
   * @param root of the job, not modified
   * @param own sections of the job that a candidate has not
   */
  static JsonNode applied(JsonNode root, JsonNode difference, List<String> own) {
    ObjectNode merged = nested(root);
    merged.remove(own);
    ObjectNode other = nested(difference);
    if (other.at("/model/kind").isValueNode()) {
      keepOnly(merged.path(MODEL), OF_THE_JOB);
      merged.remove(OPTIMIZER);
    }
    if (other.at("/optimizer/name").isValueNode()) {
      keepOnly(merged.path(OPTIMIZER), OF_ANY_OPTIMIZER);
    }
    if (other.at("/optimizer/schedule/kind").isValueNode()) {
      keepOnly(merged.path(OPTIMIZER).path(SCHEDULE), Set.of());
    }
    merge(merged, other);
    return merged;
  }

  private static void keepOnly(JsonNode section, Set<String> names) {
    if (section instanceof ObjectNode o) {
      o.retain(names);
    }
  }

  private static void merge(ObjectNode into, ObjectNode from) {
    for (Map.Entry<String, JsonNode> e : from.properties()) {
      if (e.getValue() instanceof ObjectNode deeper
          && into.get(e.getKey()) instanceof ObjectNode there) {
        merge(there, deeper);
      } else {
        into.set(e.getKey(), e.getValue());
      }
    }
  }

  /** A copy in which every setting stands in its section, none under a name with dots. */
  private static ObjectNode nested(JsonNode root) {
    ObjectNode out = JsonNodeFactory.instance.objectNode();
    root.properties().forEach(e -> put(out, e.getKey(), e.getValue()));
    return out;
  }

  private static void put(ObjectNode into, String key, JsonNode value) {
    int dot = key.indexOf('.');
    if (dot >= 0) {
      put(into.withObjectProperty(key.substring(0, dot)), key.substring(dot + 1), value);
    } else if (value instanceof ObjectNode section) {
      ObjectNode there = into.withObjectProperty(key);
      if (key.equals(KAFKA)) {
        there.setAll(section);
      } else {
        section.properties().forEach(e -> put(there, e.getKey(), e.getValue()));
      }
    } else {
      into.set(key, value);
    }
  }
}
