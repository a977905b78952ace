package io.millrace.cli.dashboard;

import io.millrace.schemas.ChainStatus;
import io.millrace.schemas.ClientStatus;
import io.millrace.schemas.FederationStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One key's page as JSON. Call under the board's lock. */
final class KeyView {
  private static final int LETTERS = 20;

  private KeyView() {}

  /** All but the courses of its figures. */
  static Map<String, Object> detail(Board board, KeyState k) {
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("key", k.key);
    o.put("incarnation", k.incarnation);
    o.put("eventTime", k.eventTime);
    o.put("recordTime", k.recordTime);
    o.put("events", k.events);
    o.put("skill", k.skill);
    o.put("drifts", k.drifts);
    o.put("counters", k.counters.map());
    o.put("values", k.values.map());
    o.put("marks", k.marks().stream().map(Mark::json).toList());
    o.put("model", model(k));
    o.put("versions", versions(k));
    o.put("letters", board.letters().last(null, k.key, LETTERS));
    if (k.status != null) {
      o.put("status", status(k.status));
    }
    return o;
  }

  private static Map<String, Object> model(KeyState k) {
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("version", k.version);
    o.put("incarnation", k.modelIncarnation);
    o.put("at", k.modelTime);
    o.put("bytes", k.modelBytes);
    o.put("dtype", k.dtype);
    o.put("family", k.family);
    o.put("algorithm", k.algorithm);
    o.put("backend", k.backend);
    o.put("build", k.build);
    o.put("seed", k.seed);
    o.put("controlEpoch", k.controlEpoch);
    o.put("candidate", k.candidate);
    o.put("doubt", k.doubt);
    o.put("hyperparameters", k.hyperparameters.map());
    return o;
  }

  private static List<Map<String, Object>> versions(KeyState k) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (KeyState.Version v : k.versions) {
      Map<String, Object> o = new LinkedHashMap<>();
      o.put("version", v.number());
      o.put("incarnation", v.incarnation());
      o.put("at", v.at());
      o.put("bytes", v.bytes());
      o.put("examples", v.examples());
      o.put("loss", v.loss());
      all.add(0, o);
    }
    return all;
  }

  private static Map<String, Object> status(FederationStatus s) {
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("time", s.getTime().toEpochMilli());
    o.put("epoch", s.getEpoch());
    o.put("waiting", s.getWaiting());
    o.put("rhat", s.getRhat());
    o.put("ess", s.getEss());
    List<Map<String, Object>> clients = new ArrayList<>();
    for (ClientStatus c : s.getClients()) {
      Map<String, Object> m = new LinkedHashMap<>();
      m.put("client", c.getClient());
      m.put("rows", c.getRows());
      m.put("share", c.getShare());
      m.put("visits", c.getVisits());
      m.put("missingSince", c.getMissingSince().toEpochMilli());
      clients.add(m);
    }
    o.put("clients", clients);
    List<Map<String, Object>> chains = new ArrayList<>();
    for (ChainStatus c : s.getChains()) {
      Map<String, Object> m = new LinkedHashMap<>();
      m.put("chain", c.getChain());
      m.put("round", c.getRound());
      m.put("client", c.getClient());
      m.put("step", c.getStep());
      m.put("stepSize", c.getStepSize());
      m.put("draws", c.getDraws());
      m.put("diverged", c.getDiverged());
      m.put("since", c.getSince().toEpochMilli());
      chains.add(m);
    }
    o.put("chains", chains);
    return o;
  }

  /**
   * Points that a reader does not have.
   *
   * @param generation and {@code added} of the series when it read last; -1: it has nothing
   */
  static Map<String, Object> points(KeyState k, long generation, long added) {
    Series s = k.series;
    long missing = s.added() - added;
    boolean whole = generation != s.generation() || added < 0 || missing < 0 || missing > s.size();
    int from = whole ? 0 : s.size() - (int) missing;
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("reset", whole);
    o.put("generation", s.generation());
    o.put("added", s.added());
    o.put("kept", s.size());
    o.put("times", s.times(from));
    o.put("events", s.events(from));
    Map<String, double[]> columns = new TreeMap<>();
    for (String name : s.names()) {
      columns.put(name, s.column(name, from));
    }
    o.put("columns", columns);
    return o;
  }
}
