package io.millrace.tests.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.ChainDraws;
import io.millrace.schemas.SingleObject;
import io.millrace.tests.integration.Await;
import io.millrace.tests.integration.KafkaTopic;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Where chains have been: their states, round by round, as they stand in a topic of draws. */
public final class ChainHistory {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private ChainHistory() {}

  /** State of each chain after each round; whatever stands there twice must be the same. */
  public static Map<String, String> of(KafkaTopic draws) throws Exception {
    Map<String, String> all = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> r : draws.read()) {
      if (SingleObject.standard().decode(r.value()) instanceof ChainDraws d) {
        byte[] state = new byte[d.getState().remaining()];
        d.getState().duplicate().get(state);
        String at = at(d.getChain(), d.getRound());
        String hex = HexFormat.of().formatHex(state);
        String before = all.put(at, hex);
        assertThat(before == null || before.equals(hex)).as(at + ", answered twice").isTrue();
      }
    }
    return all;
  }

  private static String at(String chain, long round) {
    return chain + "@" + round;
  }

  private static boolean reaches(Map<String, String> history, int chains, int rounds) {
    for (int c = 0; c < chains; c++) {
      if (!history.containsKey(at("chain-" + c, rounds))) {
        return false;
      }
    }
    return true;
  }

  /** Waits until every chain has made so many rounds. */
  public static void await(KafkaTopic draws, int chains, int rounds) {
    Await.until(
        "round " + rounds + " of every chain",
        LIMIT,
        () -> of(draws),
        history -> reaches(history, chains, rounds));
  }

  /** Every chain is, after each of so many rounds, where it is in another run. */
  public static void assertEqual(
      Map<String, String> found, Map<String, String> expected, int chains, int rounds) {
    for (int c = 0; c < chains; c++) {
      for (int round = 1; round <= rounds; round++) {
        String at = at("chain-" + c, round);
        assertThat(found.get(at)).as(at).isNotNull().isEqualTo(expected.get(at));
      }
    }
  }
}
