package io.millrace.operators.shell;

import io.millrace.operators.handler.Key;
import io.millrace.operators.handler.KeyHandler;
import io.millrace.operators.handler.KeyStorage;
import io.millrace.operators.ingress.RoutedEvent;
import java.util.ArrayList;
import java.util.List;
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

  /** An order for all keys as it reaches the key groups. */
  public static List<RoutedEvent> fanOut(RoutedEvent order, int maxParallelism) {
    GroupNames names = new GroupNames(maxParallelism);
    List<RoutedEvent> all = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      all.add(order.toGroup(names.of(i)));
    }
    return all;
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
