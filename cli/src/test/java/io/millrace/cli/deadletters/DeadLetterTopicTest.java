package io.millrace.cli.deadletters;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.DeadLetterReader;
import io.millrace.operators.ingress.Address;
import io.millrace.operators.output.DeadLetters;
import io.millrace.operators.output.Evidence;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.Reason;
import io.millrace.schemas.SingleObject;
import org.junit.jupiter.api.Test;

class DeadLetterTopicTest {
  private static final int MOST = 16 << 10;

  private static DeadLetter letter(int valueBytes) throws Exception {
    byte[] encoded =
        new DeadLetters("job", MOST)
            .of(
                new Evidence(
                    new Address("events", 3, 42, -1),
                    0,
                    new byte[] {1},
                    "key",
                    new byte[valueBytes]),
                Reason.TOO_LARGE,
                "too large")
            .value;
    return SingleObject.standard().decode(DeadLetter.class, encoded);
  }

  @Test
  void aLetterWhoseValueTheJobCutIsRecognised() throws Exception {
    assertThat(DeadLetterTopic.cut(letter(100))).isFalse();
    assertThat(DeadLetterTopic.cut(letter(4 * MOST))).isTrue();
  }

  @Test
  void anAddressNamesThePlaceInABatch() throws Exception {
    DeadLetter d = letter(1);
    assertThat(DeadLetterReader.address(d)).isEqualTo("events-3@42");
    d.setIndex(7);
    assertThat(DeadLetterReader.address(d)).isEqualTo("events-3@42[7]");
  }
}
