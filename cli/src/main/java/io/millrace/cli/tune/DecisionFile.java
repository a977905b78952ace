package io.millrace.cli.tune;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.data.DataException;
import io.millrace.cli.data.GzipMembers;
import io.millrace.core.TextFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * A decision log in a file of JSON lines, plain or gzip; docs/decisions.md has the format. A line
 * that cannot be used is set aside and named. One without any probability ends the reading: to
 * leave such lines out would leave out a part of what the log is a sample of.
 */
final class DecisionFile implements DecisionLog {
  private static final ObjectReader JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(JsonNode.class);

  /** Every field that a line may have. */
  private static final Set<String> FIELDS =
      Set.of(
          "id",
          "key",
          "arms",
          "probabilities",
          "propensity",
          "arm",
          LogIntake.COST,
          LogIntake.REWARD,
          "context",
          "armFeatures");

  private final Path path;
  private final String file;
  private long number;

  DecisionFile(Path path) {
    this.path = path;
    this.file = String.valueOf(path.getFileName());
  }

  @Override
  public String name() {
    return file;
  }

  @Override
  public void read(LogIntake intake, Consumer<LoggedDecision> used) throws IOException {
    number = 0;
    try (BufferedReader lines = open()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          take(line, intake, used);
        }
      }
    } catch (DataException e) {
      throw new CommandFailed("--log " + path + ": " + e.getMessage(), e);
    }
  }

  private BufferedReader open() throws IOException {
    return new BufferedReader(
        TextFiles.reader(GzipMembers.content(Files.newInputStream(path), file)), 1 << 16);
  }

  private void take(String line, LogIntake intake, Consumer<LoggedDecision> used)
      throws IOException {
    try {
      LoggedDecision decision = read(JSON.readTree(line), intake);
      if (decision != null) {
        used.accept(decision);
      }
    } catch (JsonProcessingException e) {
      intake.refuse(where(), "no JSON: " + e.getOriginalMessage());
    } catch (BadDecision e) {
      intake.refuse(where(), e.getMessage());
    }
  }

  private String where() {
    return file + ":" + number;
  }

  private LoggedDecision read(JsonNode line, LogIntake intake) throws BadDecision {
    if (line == null || !line.isObject()) {
      throw new BadDecision("no JSON object");
    }
    boolean listed = line.hasNonNull("probabilities");
    if (!listed && !line.hasNonNull("propensity")) {
      throw new CommandFailed(
          where()
              + ": has neither 'probabilities' nor 'propensity'; what another policy would have"
              + " cost can be told only with the probability that each action had at decision"
              + " time; log it with every decision");
    }
    Set<String> unknown = new TreeSet<>();
    line.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(FIELDS);
    if (!unknown.isEmpty()) {
      throw new BadDecision("fields " + unknown + "; known: " + new TreeSet<>(FIELDS));
    }
    String arm = text(line, "arm");
    List<String> arms = texts(line, "arms");
    double[] probabilities = listed ? numbers(line, "probabilities") : null;
    double propensity =
        line.hasNonNull("propensity")
            ? number("propensity", line.get("propensity"))
            : ofArm(arms.indexOf(arm), probabilities);
    LogIntake.Raw raw =
        new LogIntake.Raw(
            line.hasNonNull("key") ? text(line, "key") : "",
            text(line, "id"),
            arms,
            probabilities,
            propensity,
            arm,
            numbers(line, "context"),
            numbers(line, "armFeatures"));
    boolean reward = line.hasNonNull(LogIntake.REWARD);
    if (reward && line.hasNonNull(LogIntake.COST)) {
      throw new BadDecision("has a cost and a reward; must have one of them");
    }
    String outcome = reward ? LogIntake.REWARD : LogIntake.COST;
    return intake.take(
        raw, outcome, line.hasNonNull(outcome) ? number(outcome, line.get(outcome)) : Double.NaN);
  }

  /** NaN where it is not there; the intake says why not. */
  private static double ofArm(int place, double[] probabilities) {
    return place >= 0 && place < probabilities.length ? probabilities[place] : Double.NaN;
  }

  private static String text(JsonNode line, String field) throws BadDecision {
    JsonNode v = line.path(field);
    if (!v.isTextual()) {
      throw new BadDecision("'" + field + "' is " + shown(v) + "; must be text");
    }
    return v.textValue();
  }

  private static List<String> texts(JsonNode line, String field) throws BadDecision {
    List<String> all = new ArrayList<>();
    for (JsonNode v : array(line, field)) {
      if (!v.isTextual()) {
        throw new BadDecision("'" + field + "' has " + shown(v) + "; must be texts");
      }
      all.add(v.textValue());
    }
    return all;
  }

  /** Numbers of an array; none where the field is not there. */
  private static double[] numbers(JsonNode line, String field) throws BadDecision {
    if (!line.hasNonNull(field)) {
      return new double[0];
    }
    JsonNode array = array(line, field);
    double[] all = new double[array.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = number(field, array.get(i));
    }
    return all;
  }

  private static JsonNode array(JsonNode line, String field) throws BadDecision {
    JsonNode v = line.path(field);
    if (!v.isArray()) {
      throw new BadDecision("'" + field + "' is " + shown(v) + "; must be an array");
    }
    return v;
  }

  private static double number(String field, JsonNode v) throws BadDecision {
    if (!v.isNumber() || !Double.isFinite(v.doubleValue())) {
      throw new BadDecision("'" + field + "' is " + shown(v) + "; must be a finite number");
    }
    return v.doubleValue();
  }

  private static String shown(JsonNode v) {
    return v.isMissingNode() ? "missing" : v.toString();
  }
}
