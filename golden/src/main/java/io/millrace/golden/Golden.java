package io.millrace.golden;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.core.ConfigException;
import io.millrace.golden.GoldenResult.Status;
import io.millrace.golden.dictionary.CodeIterates;
import io.millrace.golden.dictionary.CoordinateRun;
import io.millrace.golden.dictionary.CpRun;
import io.millrace.golden.dictionary.OnlineRun;
import io.millrace.golden.dictionary.OnlineStep;
import io.millrace.golden.dictionary.OrthogonalRun;
import io.millrace.golden.dictionary.PatchData;
import io.millrace.golden.dictionary.Projection;
import io.millrace.golden.dictionary.SparseCode;
import io.millrace.golden.dictionary.Transport;
import io.millrace.golden.dictionary.Unfolded;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;
import io.millrace.golden.kind.Tolerance;
import io.millrace.golden.kind.UnsupportedGolden;
import io.millrace.golden.optimizer.ExplicitGradients;
import io.millrace.golden.optimizer.ListedSchedules;
import io.millrace.golden.optimizer.ProblemOracle;
import io.millrace.golden.rng.CounterRng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Replays golden files. Every kind of file it knows is one class and one line here. */
public final class Golden {
  private static final List<GoldenKind> KINDS =
      List.of(
          new ExplicitGradients(),
          new ProblemOracle(),
          new ListedSchedules(),
          new CounterRng(),
          new OnlineStep(),
          new OnlineRun(),
          new Projection(),
          new PatchData(),
          new SparseCode(),
          new CodeIterates(),
          new CoordinateRun(),
          new Unfolded(),
          new OrthogonalRun(),
          new CpRun(),
          new Transport());

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private Golden() {}

  /** Replays one file; never throws, a file that cannot be read is a failure with a reason. */
  public static GoldenResult check(Path path) {
    return check(path, null);
  }

  /**
   * Replays one file through a method of the given name in place of the file's own: for methods
   * that are another one with other defaults.
   *
   * @param method null: the file's own
   */
  public static GoldenResult check(Path path, String method) {
    JsonNode file;
    try {
      file = JSON.readTree(Files.readAllBytes(path));
    } catch (IOException e) {
      return unread(path, "cannot be read as JSON: " + e);
    }
    if (file == null || !file.isObject()) {
      return unread(path, "holds no JSON object");
    }
    if (method != null) {
      ((ObjectNode) file).put("method", method);
    }
    return check(path.toString(), file);
  }

  private static GoldenResult check(String path, JsonNode file) {
    String name = name(file);
    Optional<GoldenKind> kind = KINDS.stream().filter(k -> k.handles(file)).findFirst();
    Tally tally = null;
    Status status = Status.FAIL;
    String reason;
    try {
      tally = new Tally(kind.isPresent() ? kind.get().tolerance(file) : Tolerance.of(file));
      if (kind.isEmpty()) {
        throw new UnsupportedGolden(
            "no replay for method or kind '"
                + file.path("kind").asText(name)
                + "', oracle '"
                + file.path("oracle").asText("none")
                + "'; known: "
                + KINDS.stream().map(GoldenKind::id).toList());
      }
      kind.get().replay(file, tally);
      reason = tally.cases() == 0 ? "holds no cases" : tally.firstFault();
      status = reason.isEmpty() ? Status.PASS : Status.FAIL;
    } catch (UnsupportedGolden e) {
      status = Status.UNSUPPORTED;
      reason = e.getMessage();
    } catch (MalformedGolden | ConfigException e) {
      reason = e.getMessage();
    }
    return new GoldenResult(
        path,
        name,
        kind.map(GoldenKind::id).orElse(""),
        tally == null ? 0 : tally.cases(),
        tally == null ? Double.NaN : tally.largestError(),
        tally == null ? Double.NaN : tally.tolerance().bound(),
        status,
        reason);
  }

  private static GoldenResult unread(Path path, String reason) {
    return new GoldenResult(
        path.toString(), "", "", 0, Double.NaN, Double.NaN, Status.FAIL, reason);
  }

  private static String name(JsonNode file) {
    return file.path("name").asText(file.path("method").asText(""));
  }
}
