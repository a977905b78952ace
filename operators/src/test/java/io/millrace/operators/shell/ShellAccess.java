package io.millrace.operators.shell;

import io.millrace.operators.handler.Key;
import io.millrace.operators.handler.KeyHandler;
import io.millrace.operators.handler.KeyStorage;
import io.millrace.operators.ingress.EventKind;
import io.millrace.operators.ingress.EventTimes;
import io.millrace.operators.ingress.PartitionClock;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.ingress.TimeReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** What tests ask of a {@link KeyedShell} that a job does not. */
public final class ShellAccess {
  private ShellAccess() {}

  /** Something to do with a key and what is kept about it. */
  @FunctionalInterface
  public interface Look {
    void at(Key key, KeyStorage storage) throws Exception;
  }

  /** Looks at every key of a subtask. */
  public static void forAllKeys(KeyedShell shell, Look look) throws Exception {
    shell.forAllKeys(key -> look.at(key, shell.storage()));
  }

  /** What a job has before a stage: orders for all keys and times become events for key groups. */
  public static final class Split {
    private final GroupNames names;
    private final long timeStep;
    private final TimeReader times =
        new TimeReader(
            List.of(EventKind.EXAMPLE, EventKind.EXAMPLE_BATCH),
            new EventTimes(Duration.ofHours(1)));
    private final Map<Integer, PartitionClock> clocks = new HashMap<>();

    /** Before a stage. */
    public Split(KeyedShell stage, int maxParallelism) {
      names = new GroupNames(maxParallelism);
      timeStep = stage.timeStep();
    }

    /** What reaches the stage of an event, in order. */
    public List<RoutedEvent> events(RoutedEvent event) {
      List<RoutedEvent> all = new ArrayList<>();
      if (event.forAllKeys()) {
        for (int i = 0; i < names.size(); i++) {
          all.add(event.toGroup(names.of(i)));
        }
        return all;
      }
      all.add(event);
      RoutedEvent time = timeStep > 0 ? clock(event.partition).take(event) : null;
      for (int i = 0; time != null && i < names.size(); i++) {
        all.add(time.toGroup(names.of(i)));
      }
      return all;
    }

    private PartitionClock clock(int partition) {
      return clocks.computeIfAbsent(
          partition, p -> new PartitionClock(times, timeStep, PartitionClock.State.START));
    }
  }

  /** A shell that does something before every barrier, as one must not. */
  public static KeyedShell meddling(
      StageOptions options, Stage stage, BiConsumer<KeyHandler, Key> beforeBarrier) {
    return new Meddling(options, stage, beforeBarrier);
  }

  private static final class Meddling extends KeyedShell {
    private static final long serialVersionUID = 1;
    private final transient BiConsumer<KeyHandler, Key> beforeBarrier;

    Meddling(StageOptions options, Stage stage, BiConsumer<KeyHandler, Key> beforeBarrier) {
      super(options, stage);
      this.beforeBarrier = beforeBarrier;
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
      forAllKeys(key -> beforeBarrier.accept(handler(), key));
      super.prepareSnapshotPreBarrier(checkpointId);
    }
  }
}
