package io.millrace.golden.monitor;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.MalformedGolden;
import java.util.HashMap;
import java.util.Map;

/** Inputs of earlier cases, by the name of their stream: a stream is given once. */
final class NamedStreams {
  private final Map<String, JsonNode> inputs = new HashMap<>();

  /**
   * The inputs that have the stream of a case: its own, or those of an earlier case.
   *
   * @param has field of inputs with a stream of their own
   * @param of field that names an earlier one
   */
  JsonNode of(JsonNode own, String has, String of) {
    if (Fields.given(own, has)) {
      inputs.put(Fields.text(own, "stream"), own);
      return own;
    }
    String name = Fields.text(own, of);
    JsonNode earlier = inputs.get(name);
    if (earlier == null) {
      throw new MalformedGolden("no earlier stream '" + name + "'");
    }
    Fields.textOr(own, "stream", ""); // the same name, for people
    return earlier;
  }
}
