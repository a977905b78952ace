package io.millrace.golden;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.core.ConfigException;
import io.millrace.golden.GoldenResult.Status;
import io.millrace.golden.bandit.ChebCbRun;
import io.millrace.golden.bandit.ClassicPolicies;
import io.millrace.golden.bandit.LinUcbRun;
import io.millrace.golden.bandit.PolicyRun;
import io.millrace.golden.bandit.TsallisDelayedRun;
import io.millrace.golden.bandit.TsallisRun;
import io.millrace.golden.decision.ArmsRun;
import io.millrace.golden.decision.Bounds;
import io.millrace.golden.decision.Estimates;
import io.millrace.golden.decision.GateRun;
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
import io.millrace.golden.kind.ReadFields;
import io.millrace.golden.kind.Tally;
import io.millrace.golden.kind.Tolerance;
import io.millrace.golden.kind.UnsupportedGolden;
import io.millrace.golden.monitor.ConformalRun;
import io.millrace.golden.monitor.DataDriftRun;
import io.millrace.golden.monitor.DetectorRun;
import io.millrace.golden.monitor.MetricRun;
import io.millrace.golden.monitor.ReactionRun;
import io.millrace.golden.optimizer.ExplicitGradients;
import io.millrace.golden.optimizer.ListedSchedules;
import io.millrace.golden.optimizer.ProblemOracle;
import io.millrace.golden.rng.CounterRng;
import io.millrace.golden.sample.Diagnostics;
import io.millrace.golden.sample.FederatedLangevin;
import io.millrace.golden.sample.LangevinVariants;
import io.millrace.golden.trees.AdPredictorRun;
import io.millrace.golden.trees.ClassTreeRun;
import io.millrace.golden.trees.ForestRun;
import io.millrace.golden.trees.HalfSpaceRun;
import io.millrace.golden.trees.NaiveBayesRun;
import io.millrace.golden.trees.RegressionTreeRun;
import io.millrace.golden.trees.TreeDraws;
import io.millrace.golden.tuning.ConfigGpRun;
import io.millrace.golden.tuning.HalvingRun;
import io.millrace.golden.tuning.SearchRun;
import io.millrace.golden.tuning.SolverBound;
import io.millrace.golden.tuning.SolverCost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Replays golden files. Every kind of file it knows is one class and one line here. */
public final class Golden {
  /** Begins the reason of a failure that no check of a replay has named. */
  public static final String UNFORESEEN = "the replay broke off: ";

  private static final List<GoldenKind> KINDS =
      List.of(
          new ExplicitGradients(),
          new ProblemOracle(),
          new ListedSchedules(),
          new CounterRng(),
          new ClassTreeRun(),
          new RegressionTreeRun(),
          new ForestRun(),
          new TreeDraws(),
          new Estimates(),
          new Bounds(),
          new GateRun(),
          new ArmsRun(),
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
          new Transport(),
          new SolverCost(),
          new SolverBound(),
          new HalvingRun(),
          new ConfigGpRun(),
          new SearchRun(),
          new TsallisRun(),
          new TsallisDelayedRun(),
          new ChebCbRun(),
          new LinUcbRun(),
          new ClassicPolicies(),
          new PolicyRun(),
          new FederatedLangevin(),
          new LangevinVariants(),
          new Diagnostics(),
          new NaiveBayesRun(),
          new AdPredictorRun(),
          new HalfSpaceRun(),
          new DetectorRun(),
          new MetricRun(),
          new ConformalRun(),
          new DataDriftRun(),
          new ReactionRun());

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .nodeFactory(new ReadFields())
          .build();

  private Golden() {}

  /**
   * Replays one file; never throws for what a file holds: one that cannot be read or replayed is a
   * failure with a reason.
   */
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
    } catch (NoSuchFileException e) {
      return unread(path, "there is no such file");
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      String where =
          at == null ? "" : "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ";
      return unread(path, "not JSON: " + where + e.getOriginalMessage());
    } catch (IOException e) {
      return unread(
          path,
          Files.isDirectory(path) ? "is a folder; name the files in it" : "cannot be read: " + e);
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
    Optional<GoldenKind> kind = KINDS.stream().filter(k -> k.handles(file)).findFirst();
    String name = file.path("name").asText(file.path("method").asText(""));
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
      String unread = ReadFields.firstUnread(file);
      if (!unread.isEmpty()) {
        status = Status.UNSUPPORTED;
        reason = "nothing here knows the field '" + unread + "'; it takes no part in the replay";
      } else if (reason.isEmpty()) {
        status = Status.PASS;
      }
    } catch (UnsupportedGolden e) {
      status = Status.UNSUPPORTED;
      reason = e.getMessage();
    } catch (MalformedGolden | ConfigException e) {
      reason = e.getMessage();
    } catch (RuntimeException | OutOfMemoryError e) {
      // No check foresaw this damage; one file must not end the run over the others.
      reason = UNFORESEEN + e;
    }
    return new GoldenResult(
        path,
        name,
        kind.map(GoldenKind::id).orElse(""),
        tally == null ? 0 : tally.cases(),
        tally == null ? OptionalDouble.empty() : OptionalDouble.of(tally.largestError()),
        tally == null ? OptionalDouble.empty() : OptionalDouble.of(tally.tolerance().bound()),
        status,
        reason);
  }

  private static GoldenResult unread(Path path, String reason) {
    return new GoldenResult(
        path.toString(),
        "",
        "",
        0,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        Status.FAIL,
        reason);
  }
}
