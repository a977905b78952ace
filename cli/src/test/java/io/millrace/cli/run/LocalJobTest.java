package io.millrace.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cli.console.CommandFailed;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The cluster of {@code run} and of the demo, under jobs that need no Kafka. */
@Timeout(120)
class LocalJobTest {
  @TempDir Path dir;

  /** The work directory of a person with a name. */
  private Path work() throws IOException {
    return Files.createDirectories(dir.resolve("Jürgen und Söhne"));
  }

  @Test
  void noWebPageCanSendCodeOrOrders() throws Exception {
    try (LocalJob job = LocalJob.submit(flink(), endless(new Steady()))) {
      assertThat(job.awaitRunning(Duration.ofSeconds(60))).isTrue();
      URI at = URI.create(job.webInterface());
      assertThat(ask(at, "GET /config HTTP/1.1", at.getAuthority(), ""))
          .startsWith("HTTP/1.1 200")
          .contains("\"web-submit\":false", "\"web-cancel\":false")
          .doesNotContainIgnoringCase("access-control-allow-origin: *");
      String form =
          "--x\r\nContent-Disposition: form-data; name=\"jarfile\"; filename=\"x.jar\"\r\n"
              + "Content-Type: application/java-archive\r\n\r\nPK\r\n--x--\r\n";
      String jobs = ask(at, "GET /jobs HTTP/1.1", at.getAuthority(), "");
      String id = jobs.replaceAll("(?s).*\"id\":\"([0-9a-f]{32})\".*", "$1");
      assertThat(id).hasSize(32);
      for (String request :
          List.of(
              "POST /jars/upload HTTP/1.1",
              "POST /jobs HTTP/1.1",
              "POST /jobs/" + id + "/stop HTTP/1.1",
              "PATCH /jobs/" + id + "?mode=cancel HTTP/1.1",
              "DELETE /cluster HTTP/1.1")) {
        assertThat(ask(at, request, at.getAuthority(), form))
            .as(request)
            .startsWith("HTTP/1.1 403");
      }
      assertThat(ask(at, "GET /jobs HTTP/1.1", "evil.example:" + at.getPort(), ""))
          .startsWith("HTTP/1.1 403")
          .contains("evil.example");
      job.check();
      assertThat(job.running()).isTrue();
    }
  }

  private static String ask(URI at, String request, String host, String form) throws IOException {
    try (Socket socket = new Socket(at.getHost(), at.getPort())) {
      String text =
          request
              + "\r\nHost: "
              + host
              + "\r\nOrigin: http://evil.example\r\nConnection: close\r\n"
              + "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: "
              + form.length()
              + "\r\n\r\n"
              + form;
      socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void everyFailureIsToldWithItsReason() throws Exception {
    Failing.LEFT.set(2);
    List<String> told = Collections.synchronizedList(new ArrayList<>());
    try (LocalJob job = LocalJob.submit(flink(), endless(new Failing()))) {
      JobWatch watch = new JobWatch(job, told::add);
      while (told.size() < 2 || !job.running()) {
        assertThat(job.await(Duration.ofMillis(50))).isFalse();
        watch.look();
      }
      assertThat(told)
          .hasSize(2)
          .allMatch(line -> line.contains("the disk is full"))
          .noneMatch(line -> line.contains("java."));
      assertThat(watch.restarts()).isEqualTo(2);
      assertThat(watch.state()).endsWith("restarts 2");
      assertThat(watch.fault())
          .contains("failed 2 times", "no checkpoint since", "the disk is full");
    }
  }

  @Test
  void aSlowSavepointIsWaitedForAndThatIsSaid() throws Exception {
    Slow.GO_ON = new CountDownLatch(1);
    List<Long> waited = new ArrayList<>();
    try (LocalJob job = LocalJob.submit(flink(), endless(new Slow()))) {
      assertThat(job.awaitRunning(Duration.ofSeconds(60))).isTrue();
      Path to = work().resolve("Spar punkte");
      String path =
          job.stopWithSavepoint(
              to,
              Duration.ofMillis(200),
              seconds -> {
                waited.add(seconds);
                Slow.GO_ON.countDown();
              });
      assertThat(waited).isNotEmpty();
      assertThat(job.await(Duration.ofSeconds(60))).isTrue();
      assertThat(job.succeeded()).isTrue();
      assertThat(path).contains("Spar punkte");
      try (var made = Files.list(to)) {
        assertThat(made.map(p -> p.resolve("_metadata"))).allMatch(Files::exists).hasSize(1);
      }
    }
  }

  @Test
  void aSavepointThatIsNotThereIsRefusedBeforeAnythingStarts() {
    for (String none : List.of("/nosuch", "file:///nosuch/savepoint", dir.toString())) {
      assertThatThrownBy(() -> LocalJob.start(null, "0", none, dir, note -> {}))
          .isInstanceOf(CommandFailed.class)
          .hasMessageContaining("--from " + none);
    }
  }

  private Configuration flink() throws IOException {
    return LocalJob.configuration("0", work());
  }

  private static StreamGraph endless(MapFunction<Long, Long> step) {
    Configuration c = new Configuration();
    c.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    c.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 10);
    c.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(10));
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(c);
    env.setParallelism(1);
    env.fromSequence(0, Long.MAX_VALUE).map(step).sinkTo(new DiscardingSink<>());
    return env.getStreamGraph();
  }

  /** Does nothing. */
  private static class Steady implements MapFunction<Long, Long> {
    private static final long serialVersionUID = 1;

    @Override
    public Long map(Long v) {
      return v;
    }
  }

  private static final class Failing extends Steady {
    private static final long serialVersionUID = 1;
    static final AtomicInteger LEFT = new AtomicInteger();

    @Override
    public Long map(Long v) {
      if (LEFT.getAndDecrement() > 0) {
        throw new IllegalStateException("step", new IOException("the disk is full"));
      }
      return super.map(v);
    }
  }

  private static final class Slow extends Steady implements CheckpointedFunction {
    private static final long serialVersionUID = 1;
    static volatile CountDownLatch GO_ON;

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws InterruptedException {
      assertThat(GO_ON.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public void initializeState(FunctionInitializationContext context) {
      // Nothing is kept.
    }
  }
}
