package io.millrace.cli.dashboard;

import io.millrace.cli.console.KafkaOptions;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.Role;
import io.millrace.client.EventTopics;
import io.millrace.client.EventWriter;
import io.millrace.client.ModelStore;
import io.millrace.client.ModelStoreOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Serves a page that shows how a job and its models do. */
@Command(
    name = "dashboard",
    description = {
      "Serves a page that shows how a job and its models do, until Ctrl-C.",
      "Whether events come in, whether it learns, whether it is good, whether output is fresh; then"
          + " every key, and what was refused and why. Reads the topics of metrics, models and dead"
          + " letters, and writes nothing. For a browser on this machine: it listens on the loopback"
          + " interface."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  millrace dashboard --job job.yaml",
      "  millrace dashboard -b localhost:9092 --prefix solver --port 8091"
    })
public final class DashboardCommand implements Runnable {
  private static final int HIGHEST_PORT = 65_535;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8090",
      description = "Port of the page, 0: any that is free. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      description =
          "Address to listen on. Default: the loopback interface. In a container 0.0.0.0, with the"
              + " port published to 127.0.0.1; the page answers as localhost only.")
  private String bind;

  @Option(
      names = "--history",
      paramLabel = "HOURS",
      defaultValue = "24",
      description =
          "How old metrics and dead letters may be that are read at the start. Default:"
              + " ${DEFAULT-VALUE}.")
  private double hours;

  @Option(
      names = "--flink",
      paramLabel = "URL",
      description =
          "Flink's web interface, for checkpoints and restarts: http://localhost:8081 of millrace"
              + " run.")
  private String flink;

  @Option(
      names = "--control",
      description =
          "Take orders from the page. Who gives one must type a word that is printed here at the"
              + " start. Default: the page is read only.")
  private boolean control;

  @Spec private CommandSpec spec;
  @Mixin private KafkaOptions kafka;
  @Mixin private Output output;

  @Override
  public void run() {
    check();
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    try (EventWriter writer = control ? writer() : null;
        Dashboard dashboard = open(orders(writer))) {
      Thread hook =
          new Thread(
              () -> {
                stop.countDown();
                try {
                  stopped.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              },
              "millrace-dashboard-stop");
      Runtime.getRuntime().addShutdownHook(hook);
      output.note("page           %s", dashboard.url());
      Map<String, Object> o = new LinkedHashMap<>();
      o.put("url", dashboard.url());
      output.result(o);
      output.note("running; Ctrl-C stops");
      stop.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      stopped.countDown();
    }
  }

  private void check() {
    if (port < 0 || port > HIGHEST_PORT) {
      throw new ParameterException(
          spec.commandLine(), "--port = " + port + "; must lie in [0, " + HIGHEST_PORT + "]");
    }
    if (!(hours > 0 && hours <= 24 * 365)) {
      throw new ParameterException(
          spec.commandLine(), "--history = " + hours + "; must lie in (0, 8760]");
    }
    if (flink != null && !flink.matches("https?://[^\\s/?#]+(/[^\\s?#]*)?")) {
      throw new ParameterException(
          spec.commandLine(), "--flink = " + flink + "; must be as http://localhost:8081");
    }
  }

  private InetSocketAddress address() {
    try {
      return new InetSocketAddress(
          bind == null ? InetAddress.getLoopbackAddress() : InetAddress.getByName(bind), port);
    } catch (UnknownHostException e) {
      throw new ParameterException(
          spec.commandLine(), "--bind = " + bind + "; is no address of this machine", e);
    }
  }

  private EventWriter writer() {
    return EventWriter.open(
        kafka.access(), "millrace-dashboard", EventTopics.single(kafka.orders(null)), 1);
  }

  private Orders orders(EventWriter writer) {
    if (writer == null) {
      return null;
    }
    Orders orders =
        new Orders(
            order -> {
              writer.send(order);
              writer.flush();
            });
    output.note("orders         the word is %s", orders.word());
    return orders;
  }

  private Dashboard open(Orders orders) {
    String models = kafka.topic(null, Role.MODELS);
    ModelShelf shelf =
        new ModelShelf(
            key ->
                ModelStore.manual(
                    kafka.access(),
                    ModelStoreOptions.of(models)
                        .withClientId("millrace-dashboard")
                        .withKeys(key::equals)));
    return Dashboard.start(
        address(), kafka.bootstrapServers(), shelf, orders, b -> fill(b, shelf, models));
  }

  private AutoCloseable fill(Board board, ModelShelf shelf, String models) {
    board.job(kafka.jobName());
    Feed feed =
        Feed.start(
            board,
            shelf,
            kafka.access(),
            kafka.topic(null, Role.METRICS),
            models,
            kafka.topicIfAny(Role.DEAD_LETTERS),
            Duration.ofMillis((long) (hours * 3_600_000)));
    Watches watches =
        Watches.start(
            board,
            new LagWatch(kafka.settings("millrace-dashboard-lag"), kafka.groups()),
            flink == null ? null : new ClusterWatch(flink));
    return () -> {
      watches.close();
      feed.close();
    };
  }
}
