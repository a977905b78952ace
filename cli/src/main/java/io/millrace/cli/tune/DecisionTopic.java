package io.millrace.cli.tune;

import io.millrace.cli.topics.RecordFollower;
import io.millrace.schemas.FeedbackSource;
import io.millrace.schemas.TuneDecision;
import io.millrace.schemas.TuneFeedback;
import io.millrace.schemas.TuneRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * The log that the topics of a {@code tune} job are: each decision with its request and the first
 * feedback that came for it. A decision that stands twice, as it may, counts once. Feedback of a
 * fallback says nothing of what was decided, so such a decision has no outcome. Held in memory.
 */
final class DecisionTopic implements DecisionLog {
  private static final Duration POLL = Duration.ofMillis(500);

  /** A request of a tuner. */
  private record Id(String key, String id) {}

  private final String name;
  private final Map<Id, TuneDecision> decisions = new LinkedHashMap<>();
  private final Map<Id, TuneRequest> requests = new HashMap<>();
  private final Map<Id, TuneFeedback> feedback = new HashMap<>();

  /**
   * Reads the topics as they are now.
   *
   * @param settings of the consumers
   * @param name topic of decisions
   * @param others topics of requests and of feedback, which may be one
   */
  DecisionTopic(Map<String, Object> settings, String name, String... others) {
    this.name = name;
    Set<String> topics = new LinkedHashSet<>(Arrays.asList(others));
    topics.add(name);
    for (String topic : topics) {
      try (RecordFollower records = RecordFollower.fromBeginning(settings, topic)) {
        while (!records.caughtUp()) {
          records.poll(POLL, this::keep);
        }
      }
    }
  }

  private void keep(SpecificRecordBase record) {
    if (record instanceof TuneDecision d) {
      decisions.putIfAbsent(new Id(d.getKey(), d.getId()), d);
    } else if (record instanceof TuneRequest r) {
      requests.putIfAbsent(new Id(r.getKey(), r.getId()), r);
    } else if (record instanceof TuneFeedback f) {
      feedback.putIfAbsent(new Id(f.getKey(), f.getId()), f);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void read(LogIntake intake, Consumer<LoggedDecision> used) {
    decisions.forEach(
        (id, d) -> {
          try {
            LoggedDecision decision =
                intake.take(raw(d, requests.get(id)), LogIntake.COST, cost(d, feedback.get(id)));
            if (decision != null) {
              used.accept(decision);
            }
          } catch (BadDecision e) {
            intake.refuse(name + ": '" + id.key + "', request '" + id.id + "'", e.getMessage());
          }
        });
  }

  /** NaN: nothing says what the arm that was decided for has cost. */
  private static double cost(TuneDecision d, TuneFeedback f) {
    boolean asDecided =
        f != null
            && f.getSource() != FeedbackSource.FALLBACK
            && (f.getArm().isEmpty() || f.getArm().equals(d.getArm()));
    return asDecided ? f.getCost() : Double.NaN;
  }

  private static LogIntake.Raw raw(TuneDecision d, TuneRequest r) {
    double[] probabilities = numbers(d.getProbabilities());
    int place = d.getArms().indexOf(d.getArm());
    return new LogIntake.Raw(
        d.getKey(),
        d.getId(),
        d.getArms(),
        probabilities,
        place >= 0 && place < probabilities.length ? probabilities[place] : Double.NaN,
        d.getArm(),
        r == null ? new double[0] : numbers(r.getContext()),
        r == null ? new double[0] : features(d.getArms(), r));
  }

  /** Features of the request in the order of the decision's arms. */
  private static double[] features(List<String> arms, TuneRequest r) {
    double[] given = numbers(r.getArmFeatures());
    if (r.getArms().isEmpty() || given.length % r.getArms().size() != 0) {
      return given;
    }
    int width = given.length / r.getArms().size();
    double[] ordered = new double[arms.size() * width];
    for (int i = 0; i < arms.size(); i++) {
      int from = r.getArms().indexOf(arms.get(i));
      if (from >= 0) {
        System.arraycopy(given, from * width, ordered, i * width, width);
      }
    }
    return ordered;
  }

  private static double[] numbers(List<Double> all) {
    return all.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
