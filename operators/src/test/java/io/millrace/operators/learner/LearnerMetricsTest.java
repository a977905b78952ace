package io.millrace.operators.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.learn.Outcome;
import io.millrace.operators.metrics.LearnerMetrics;
import io.millrace.operators.metrics.StageMetrics;
import io.millrace.schemas.Reason;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;

class LearnerMetricsTest {
  /** Keeps what is registered, by full name. */
  private static final class Recording extends UnregisteredMetricsGroup {
    private final String scope;
    private final Map<String, Object> all;

    Recording(String scope, Map<String, Object> all) {
      this.scope = scope;
      this.all = all;
    }

    @Override
    public Counter counter(String name) {
      Counter c = new SimpleCounter();
      all.put(scope + name, c);
      return c;
    }

    @Override
    public <T, G extends Gauge<T>> G gauge(String name, G gauge) {
      all.put(scope + name, gauge);
      return gauge;
    }

    @Override
    public MetricGroup addGroup(String name) {
      return new Recording(scope + name + ".", all);
    }

    @Override
    public MetricGroup addGroup(String key, String value) {
      return new Recording(scope + key + "." + value + ".", all);
    }
  }

  @Test
  void countsUnderTheFamilysNameAndByReason() {
    Map<String, Object> all = new TreeMap<>();
    StageMetrics stage = new StageMetrics(new Recording("", all), "learn");
    LearnerMetrics metrics = new LearnerMetrics(stage);
    stage.deadLetter(Reason.NOT_FINITE);
    stage.deadLetter(Reason.NOT_FINITE);
    stage.deadLetter(Reason.EMPTY);
    stage.snapshots.inc();
    Outcome outcome = new Outcome();
    outcome.loss = 2;
    outcome.correct = 1;
    metrics.judged(outcome);
    outcome.loss = 1002;
    outcome.correct = -1;
    metrics.judged(outcome);
    assertThat(count(all, "millrace.learn.deadLetters")).isEqualTo(3);
    assertThat(count(all, "millrace.learn.reason.NOT_FINITE.deadLettersByReason")).isEqualTo(2);
    assertThat(count(all, "millrace.learn.reason.EMPTY.deadLettersByReason")).isEqualTo(1);
    assertThat(count(all, "millrace.learn.snapshots")).isEqualTo(1);
    assertThat(((Gauge<?>) all.get("millrace.learn.loss")).getValue()).isEqualTo(3.0);
    assertThat(((Gauge<?>) all.get("millrace.learn.accuracy")).getValue()).isEqualTo(1.0);
  }

  private static long count(Map<String, Object> all, String name) {
    return ((Counter) all.get(name)).getCount();
  }
}
