package io.millrace.golden.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * JSON objects that remember which of their fields were asked for, so that a field which takes no
 * part in a replay is found, whatever kind of file it stands in.
 */
public final class ReadFields extends JsonNodeFactory {
  private static final long serialVersionUID = 1;

  /** Fields of a file that are there to be read by people. */
  private static final Set<String> FOR_PEOPLE =
      Set.of(
          "name", "description", "layout", "note", "branch_steps", "checked_against", "how_made");

  @Override
  public ObjectNode objectNode() {
    return new Watched(this);
  }

  /**
   * Path of a field that nothing has asked for, such as {@code cases[2].inputs.radius}; empty where
   * there is none. A field without a value says nothing and does not count.
   */
  public static String firstUnread(JsonNode file) {
    return firstUnread(file, "");
  }

  private static String firstUnread(JsonNode node, String at) {
    if (node instanceof Watched object) {
      for (Map.Entry<String, JsonNode> e : object.fieldsUnasked()) {
        String path = at.isEmpty() ? e.getKey() : at + "." + e.getKey();
        boolean asked = object.asked.contains(e.getKey());
        if (!asked && !e.getValue().isNull() && !(at.isEmpty() && forPeople(e.getKey()))) {
          return path;
        }
        String below = asked ? firstUnread(e.getValue(), path) : "";
        if (!below.isEmpty()) {
          return below;
        }
      }
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      String below = firstUnread(node.get(i), at + "[" + i + "]");
      if (!below.isEmpty()) {
        return below;
      }
    }
    return "";
  }

  private static boolean forPeople(String field) {
    return FOR_PEOPLE.contains(field);
  }

  @SuppressWarnings("unchecked") // deepCopy of the class above returns its own type
  private static final class Watched extends ObjectNode {
    private static final long serialVersionUID = 1;

    private final transient Set<String> asked = new HashSet<>();

    Watched(JsonNodeFactory factory) {
      super(factory);
    }

    @Override
    public JsonNode get(String field) {
      asked.add(field);
      return super.get(field);
    }

    @Override
    public JsonNode path(String field) {
      asked.add(field);
      return super.path(field);
    }

    /** To ask whether a field is there is not to read it. */
    @Override
    public boolean has(String field) {
      return super.get(field) != null;
    }

    /** Whoever goes over all fields reads them all. */
    @Override
    public Set<Map.Entry<String, JsonNode>> properties() {
      super.fieldNames().forEachRemaining(asked::add);
      return super.properties();
    }

    private Set<Map.Entry<String, JsonNode>> fieldsUnasked() {
      return super.properties();
    }
  }
}
