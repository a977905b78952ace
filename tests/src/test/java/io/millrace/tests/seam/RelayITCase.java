package io.millrace.tests.seam;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.jobs.JobConfig;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.Reason;
import io.millrace.tests.integration.Await;
import io.millrace.tests.integration.Events;
import io.millrace.tests.integration.KafkaTopic.Sent;
import io.millrace.tests.integration.Stack;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events go from stage to stage under another key, each once, whatever fails. */
class RelayITCase {
  @TempDir static Path directory;

  @Test
  void everyTokenIsCountedOnceByItsClientAndOnceByItsChain() throws Exception {
    try (Stack stack = Stack.start(directory, 1, 3)) {
      JobConfig config =
          JobConfig.parse(
              """
              job: relay
              name: relay
              kafka: {bootstrap-servers: "%s"}
              topics: {prefix: relay, partitions: 2}
              checkpoint: {interval: 200ms, unaligned: true}
              restart: {delay: 10ms, max-delay: 100ms}
              parallelism: 3
              """
                  .formatted(stack.broker().bootstrapServers()),
              List.of(Relay.FAMILY));
      JobID job = stack.submit(config);
      Map<String, Long> expected = new TreeMap<>();
      send(stack, expected, 0, 300);
      Await.until("the first tokens", () -> Relay.SEEN.equals(expected));
      stack.checkpoint(job);
      send(stack, expected, 300, 400);
      Await.until("more than the checkpoint holds", () -> Relay.SEEN.get("client c0") > 43);
      stack.cluster().terminateTaskManager(0).get();
      stack.cluster().startTaskManager();
      send(stack, expected, 400, 500);
      Await.until("all of them, each once", () -> Relay.SEEN.equals(expected));
      stack.awaitRestored(job);
      assertThat(stack.topic("relay.dead-letters").read()).isEmpty();
      stack
          .topic("relay.control")
          .send(
              List.of(
                  Events.control("*", ControlCommand.PAUSE, "", 0),
                  Events.control("c0", ControlCommand.SET, "learning-rate", 1)));
      Await.until(
          "what became of the orders", () -> stack.topic("relay.metrics").read().size() == 2);
      stack.cancel(job);
      assertThat(stack.topic("relay.dead-letters").deadLetters())
          .extracting(DeadLetter::getReason)
          .containsExactly(Reason.UNKNOWN_HYPERPARAMETER);
    }
  }

  private static void send(Stack stack, Map<String, Long> expected, int from, int to)
      throws Exception {
    List<Sent> tokens = new ArrayList<>();
    for (int i = from; i < to; i++) {
      String client = "c" + i % 7;
      String chain = "h" + i % 11;
      tokens.add(Sent.of(client, Relay.token(client, chain)));
      expected.merge("client " + client, 1L, Long::sum);
      expected.merge("chain " + chain, 1L, Long::sum);
    }
    stack.topic("relay.tokens").send(tokens);
  }
}
