package io.millrace.cli.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cli.console.CommandFailed;
import io.millrace.client.Decision;
import io.millrace.client.TuneQuery;
import io.millrace.schemas.ArmCommand;
import io.millrace.schemas.Control;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.ControlEcho;
import io.millrace.schemas.ControlOutcome;
import io.millrace.schemas.Metric;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LearnerTuningTest {
  /** A tuner that decides as it is told, and a job that answers as it is told. */
  private static final class Ends implements LearnerTuning.Ends {
    final List<TuneQuery> asked = new ArrayList<>();
    final List<String> costs = new ArrayList<>();
    final List<Control> orders = new ArrayList<>();
    String next = "c";

    @Override
    public Decision decide(TuneQuery q) {
      asked.add(q);
      return new Decision(
          q.tuner(), q.id(), next, 0, false, List.of(next), List.of(1.0), "p", asked.size());
    }

    @Override
    public void report(Decision d, double cost) {
      costs.add(d.arm() + "=" + cost);
    }

    @Override
    public void order(Control order) {
      orders.add(order);
    }
  }

  private final Ends ends = new Ends();
  private final LearnerTuning tuning = tuning(0);
  private long predicted;

  private LearnerTuning tuning(int context) {
    List<LearnerTuning.Arm> arms = new ArrayList<>();
    for (String name : List.of("a", "b", "c", "d", "e")) {
      arms.add(new LearnerTuning.Arm(name, name.charAt(0) - 'a' + 1));
    }
    return new LearnerTuning("learning-rate", arms, 2, 1, context, ends);
  }

  private LearnerTuning.Step metric(LearnerTuning of, long incarnation, double loss)
      throws Exception {
    predicted += 100;
    Map<String, Double> values = loss < 0 ? Map.of() : Map.of("windowLoss", loss);
    return of.take(
        new Metric("m", incarnation, Instant.EPOCH, Map.of("predicted", predicted), values, null));
  }

  private LearnerTuning.Step metric(double loss) throws Exception {
    return metric(tuning, 7, loss);
  }

  private void echo(ControlOutcome outcome) throws Exception {
    Control c = ends.orders.get(ends.orders.size() - 1);
    tuning.take(
        new ControlEcho(
            c.getKey(),
            "learn",
            c.getOrigin(),
            c.getSequence(),
            c.getCommand(),
            c.getName(),
            c.getValue(),
            outcome,
            "",
            "out of range",
            7L,
            1L,
            1L,
            Instant.EPOCH,
            ArmCommand.UNKNOWN));
  }

  @Test
  void aWindowCountsOnlyIfAllOfItWasUnderTheValueDecidedFor() throws Exception {
    LearnerTuning.Step first = metric(1);
    assertThat(first.loss()).isNaN();
    assertThat(ends.orders).hasSize(1);
    Control order = ends.orders.get(0);
    assertThat(order.getCommand()).isEqualTo(ControlCommand.SET);
    assertThat(order.getName()).isEqualTo("learning-rate");
    assertThat(order.getValue()).isEqualTo(3);
    assertThat(metric(2)).as("the order is on its way").isNull();
    echo(ControlOutcome.TAKEN);
    assertThat(metric(3)).as("of two values").isNull();
    assertThat(ends.costs).isEmpty();
    ends.next = "d";
    LearnerTuning.Step judged = metric(0.5);
    assertThat(ends.costs).containsExactly("c=0.5");
    assertThat(judged.before()).isEqualTo(3);
    assertThat(judged.next()).isEqualTo(4);
    assertThat(ends.orders).hasSize(2);
    assertThat(ends.orders.get(1).getSequence()).isGreaterThan(order.getSequence());
  }

  @Test
  void theValueInForceNeedsNoOrderAndItsNextWindowCounts() throws Exception {
    metric(1);
    echo(ControlOutcome.TAKEN);
    metric(1);
    metric(0.5);
    metric(0.25);
    assertThat(ends.orders).hasSize(1);
    assertThat(ends.costs).containsExactly("c=0.5", "c=0.25");
  }

  @Test
  void onlyNeighboursOfTheArmInForceAreEligible() throws Exception {
    ends.next = "d";
    metric(1);
    assertThat(ends.asked.get(0).arms()).containsExactly("b", "c", "d");
    echo(ControlOutcome.TAKEN);
    metric(1);
    ends.next = "e";
    metric(1);
    assertThat(ends.asked.get(1).arms()).containsExactly("c", "d", "e");
    echo(ControlOutcome.REPEATED);
    metric(1);
    metric(1);
    assertThat(ends.asked.get(2).arms()).containsExactly("d", "e");
  }

  @Test
  void theContextIsTheLogarithmOfTheLossBefore() throws Exception {
    metric(tuning(1), 7, 0);
    metric(tuning(1), 7, 0.25);
    assertThat(ends.asked.get(0).context())
        .containsExactly(StrictMath.log(LearnerTuning.LEAST_LOSS));
    assertThat(ends.asked.get(1).context()).containsExactly(StrictMath.log(0.25));
  }

  @Test
  void aWindowWithoutALossOrSeenBeforeSaysNothing() throws Exception {
    assertThat(metric(-1)).isNull();
    assertThat(metric(1)).isNotNull();
    predicted -= 100;
    assertThat(metric(1)).as("twice in the topic").isNull();
    assertThat(ends.asked).hasSize(1);
  }

  @Test
  void aModelThatBeginsAnewIsAnother() throws Exception {
    metric(1);
    echo(ControlOutcome.TAKEN);
    metric(1);
    predicted = 0;
    assertThat(metric(tuning, 8, 1).loss()).isNaN();
    assertThat(ends.costs).as("of the one before").isEmpty();
    assertThat(ends.asked.get(1).id()).contains("-8-");
  }

  @Test
  void anOrderThatIsRefusedEndsTheTuning() throws Exception {
    metric(1);
    assertThatThrownBy(() -> echo(ControlOutcome.REFUSED))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("out of range");
  }
}
