package io.millrace.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.millrace.core.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * YAML as a tree in which every scalar is a text, spelt as in the file. YAML's own types would make
 * {@code false} of a class named NO, 83 of 0123 and 1000.0 of 1e3; each setting knows its type
 * better.
 */
final class SpeltYaml {
  private static final YAMLFactory YAML =
      YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** How the parser says that a key stands twice. */
  private static final Pattern TWICE = Pattern.compile("^Duplicate field '([^']*)'");

  private final YAMLParser parser;

  private SpeltYaml(YAMLParser parser) {
    this.parser = parser;
  }

  /**
   * Reads a text.
   *
   * @return maps, lists, texts, and null where a key has no value; missing if the text is empty
   * @throws ConfigException if it is not one YAML document; the message quotes nothing of it
   */
  static JsonNode read(String yaml) {
    try (YAMLParser parser = YAML.createParser(yaml)) {
      if (parser.nextToken() == null) {
        return MissingNode.getInstance();
      }
      JsonNode root = new SpeltYaml(parser).value(false);
      if (parser.nextToken() != null) {
        throw new ConfigException(
            "job line "
                + parser.currentTokenLocation().getLineNr()
                + ": a second document; must be one YAML map of settings");
      }
      return root;
    } catch (JsonProcessingException e) {
      throw new ConfigException(
          "job"
              + (e.getLocation() == null
                  ? ""
                  : " line "
                      + e.getLocation().getLineNr()
                      + ", column "
                      + e.getLocation().getColumnNr())
              + ": "
              + formFault(e));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a text in memory has none
    }
  }

  /** What is wrong with the form. The parser's message may quote the text, and with it a secret. */
  private static String formFault(JsonProcessingException e) {
    Matcher twice = TWICE.matcher(e.getOriginalMessage());
    return twice.find()
        ? "the key '" + twice.group(1) + "' stands twice; keep one of the two"
        : "not YAML; must be one YAML map of settings";
  }

  /**
   * The value that begins at the current token.
   *
   * @param item whether it is one of a list, where a word is never "no value"
   */
  private JsonNode value(boolean item) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      ObjectNode map = NODES.objectNode();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        map.set(name, value(false));
      }
      return map;
    }
    if (token == JsonToken.START_ARRAY) {
      ArrayNode list = NODES.arrayNode();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        list.add(value(true));
      }
      return list;
    }
    if (parser.isCurrentAlias()) {
      throw new ConfigException(
          "job line "
              + parser.currentTokenLocation().getLineNr()
              + ": an alias, '*"
              + parser.getText()
              + "'; write the value out, or quote it");
    }
    String text = parser.getText();
    boolean none = token == JsonToken.VALUE_NULL && (!item || text == null || text.isEmpty());
    return none ? NullNode.getInstance() : TextNode.valueOf(text);
  }
}
