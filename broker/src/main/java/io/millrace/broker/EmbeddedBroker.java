package io.millrace.broker;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * A real single-node Kafka broker (KRaft, broker and controller in one) in a child JVM, on loopback
 * ports. Its records survive {@link #kill} and {@link #restart}; it ends with this JVM. Topics are
 * not created by being asked for, and records are kept whatever their timestamps. Safe for use by
 * several threads.
 */
public final class EmbeddedBroker implements AutoCloseable {
  /** System property naming the directory of the broker's jars. */
  public static final String LIB_PROPERTY = "millrace.broker.lib";

  /**
   * A terminal sends Ctrl-C, and the news of its end, to every process it has. The broker must not
   * take them: who uses it has to end first, and tells it then. A signal that is ignored when a JVM
   * starts stays ignored.
   */
  private static final String SHELL = "/bin/sh";

  private static final String CLUSTER_ID = "bWlsbHJhY2UtZW1iZWRkZQ";
  private static final Duration START_LIMIT = Duration.ofSeconds(90);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
  private static final int POLL_MILLIS = 50;
  private static final int ATTEMPTS = 3;
  private static final String LOOPBACK = "127.0.0.1";

  private final Path directory;
  private final Map<String, String> overrides;
  private int port;
  private Process process;

  private EmbeddedBroker(Path directory, int port, Map<String, String> overrides) {
    this.directory = directory.toAbsolutePath();
    this.port = port;
    this.overrides = Map.copyOf(overrides);
  }

  /**
   * Starts a broker and waits until it answers.
   *
   * @param directory of the broker's log, configuration and output; made if absent, kept at close
   * @throws IOException if the jars are missing or the broker does not come up, with the end of its
   *     output
   */
  public static EmbeddedBroker start(Path directory) throws IOException {
    return start(directory, Map.of());
  }

  /**
   * Starts a broker with further settings.
   *
   * @param overrides entries of server.properties, over the ones chosen here
   */
  public static EmbeddedBroker start(Path directory, Map<String, String> overrides)
      throws IOException {
    EmbeddedBroker broker = new EmbeddedBroker(directory, 0, overrides);
    Files.createDirectories(broker.directory);
    for (int attempt = 1; ; attempt++) {
      broker.port = freePort();
      broker.configure();
      try {
        broker.launch();
        return broker;
      } catch (IOException e) {
        // Between choosing a port and binding it another process may take it.
        if (attempt == ATTEMPTS || !broker.tail().contains("Address already in use")) {
          throw e;
        }
      }
    }
  }

  /**
   * Starts a broker on a port, on the records that the directory holds from before.
   *
   * @param port for clients, 1 to 65535
   * @throws IOException as for {@link #start(Path)}, or if the port is taken
   */
  public static EmbeddedBroker start(Path directory, int port) throws IOException {
    return start(directory, port, Map.of());
  }

  /**
   * As {@link #start(Path, int)}, with further settings.
   *
   * @param overrides entries of server.properties, over the ones chosen here
   */
  public static EmbeddedBroker start(Path directory, int port, Map<String, String> overrides)
      throws IOException {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true); // connections of a broker that has just ended do not count
      probe.bind(new InetSocketAddress(LOOPBACK, port));
    } catch (BindException e) {
      throw new IOException(
          "port "
              + port
              + ": cannot be had on "
              + LOOPBACK
              + " ("
              + e.getMessage()
              + "); end what uses it, or choose another",
          e);
    }
    EmbeddedBroker broker = new EmbeddedBroker(directory, port, overrides);
    Files.createDirectories(broker.directory);
    broker.configure();
    broker.launch();
    return broker;
  }

  /** Host and port for clients; the same after a restart. */
  public String bootstrapServers() {
    return LOOPBACK + ":" + port;
  }

  /** Where the broker's output goes. */
  public Path log() {
    return directory.resolve("broker.log");
  }

  /** Whether the child JVM runs. */
  public synchronized boolean running() {
    return process != null && process.isAlive();
  }

  /** Waits until the child has ended, whoever ended it. */
  public void awaitEnd() throws InterruptedException {
    Process child;
    synchronized (this) {
      child = process;
    }
    child.waitFor();
  }

  /** Process id of the running child. */
  public synchronized long pid() {
    return process.pid();
  }

  /** Kills the child as {@code kill -9} does and waits for its end. */
  public synchronized void kill() {
    process.destroyForcibly();
    await(STOP_LIMIT);
  }

  /**
   * Starts the broker again on the same log and ports.
   *
   * @throws IOException as for {@link #start}
   */
  public synchronized void restart() throws IOException {
    if (running()) {
      stop();
    }
    launch();
  }

  /** Ends the child, in order if it does so in time. */
  @Override
  public synchronized void close() {
    if (running()) {
      stop();
    }
  }

  private void stop() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException("broker " + process.pid() + ": cannot end its input", e);
    }
    if (!await(STOP_LIMIT)) {
      process.destroyForcibly();
      await(STOP_LIMIT);
    }
  }

  private boolean await(Duration limit) {
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(LOOPBACK))) {
      return socket.getLocalPort();
    }
  }

  private void configure() throws IOException {
    int controllerPort = freePort();
    while (controllerPort == port) {
      controllerPort = freePort();
    }
    Properties p = new Properties();
    p.setProperty("process.roles", "broker,controller");
    p.setProperty("node.id", "1");
    p.setProperty("controller.quorum.voters", "1@" + LOOPBACK + ":" + controllerPort);
    p.setProperty("controller.listener.names", "CONTROLLER");
    p.setProperty(
        "listeners",
        String.format(
            Locale.ROOT,
            "PLAINTEXT://%1$s:%2$d,CONTROLLER://%1$s:%3$d",
            LOOPBACK,
            port,
            controllerPort));
    p.setProperty("advertised.listeners", "PLAINTEXT://" + LOOPBACK + ":" + port);
    // From the child's working directory: this is a list of paths, and a path may hold a comma.
    p.setProperty("log.dirs", "data");
    p.setProperty("offsets.topic.replication.factor", "1");
    p.setProperty("offsets.topic.num.partitions", "1");
    p.setProperty("transaction.state.log.replication.factor", "1");
    p.setProperty("transaction.state.log.min.isr", "1");
    p.setProperty("transaction.state.log.num.partitions", "1");
    p.setProperty("share.coordinator.state.topic.replication.factor", "1");
    p.setProperty("share.coordinator.state.topic.min.isr", "1");
    p.setProperty("share.coordinator.state.topic.num.partitions", "1");
    p.setProperty("group.initial.rebalance.delay.ms", "0");
    // After a kill the broker is let in again only when its old session has run out.
    p.setProperty("broker.heartbeat.interval.ms", "500");
    p.setProperty("broker.session.timeout.ms", "3000");
    p.setProperty("auto.create.topics.enable", "false");
    // Retention goes by record timestamps, and events may be older than any retention.
    p.setProperty("log.retention.ms", "-1");
    p.setProperty("log.cleaner.dedupe.buffer.size", "4194304");
    overrides.forEach(p::setProperty);
    try (var out = Files.newOutputStream(config())) {
      p.store(out, null);
    }
  }

  private Path config() {
    return directory.resolve("server.properties");
  }

  private synchronized void launch() throws IOException {
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(Path.of(SHELL))) {
      command.addAll(List.of(SHELL, "-c", "trap '' INT HUP; exec \"$@\"", SHELL));
    }
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xms128m",
            "-Xmx512m",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=info",
            "-Dorg.slf4j.simpleLogger.showDateTime=true",
            "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS",
            "-cp",
            classPath(),
            BrokerMain.class.getName(),
            CLUSTER_ID,
            config().toString()));
    process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
            .start();
    try {
      awaitReady();
    } catch (IOException | RuntimeException e) {
      process.destroyForcibly();
      await(STOP_LIMIT);
      throw e;
    }
  }

  private void awaitReady() throws IOException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    boolean accepting = false;
    try {
      while (!accepting) {
        if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
          throw new IOException(
              "broker ended with code " + process.exitValue() + "; its output: " + tail());
        }
        if (System.nanoTime() > deadline) {
          throw new IOException(
              "broker did not answer within " + START_LIMIT + "; its output: " + tail());
        }
        accepting = accepts();
      }
      Map<String, Object> settings =
          Map.of(
              AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
              bootstrapServers(),
              AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
              (int) START_LIMIT.toMillis());
      try (Admin admin = Admin.create(settings)) {
        admin.describeCluster().nodes().get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      }
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("broker accepts but does not answer; its output: " + tail(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the broker started", e);
    }
  }

  private boolean accepts() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(LOOPBACK, port), 1000);
      return true;
    } catch (IOException e) {
      return false; // Not yet: the caller asks again until its deadline.
    }
  }

  /** The last lines of the broker's output. */
  private String tail() throws IOException {
    if (!Files.exists(log())) {
      return "(none)";
    }
    List<String> lines = Files.readAllLines(log());
    return System.lineSeparator()
        + String.join(
            System.lineSeparator(), lines.subList(Math.max(0, lines.size() - 30), lines.size()))
        + System.lineSeparator()
        + "(all of it: "
        + log()
        + ")";
  }

  private static String classPath() throws IOException {
    Path own = ownClasses();
    Path lib = lib(own);
    List<String> jars = new ArrayList<>();
    jars.add(own.toString());
    if (Files.isDirectory(lib)) {
      try (Stream<Path> files = Files.list(lib)) {
        files
            .filter(f -> f.toString().endsWith(".jar"))
            .sorted()
            .forEach(f -> jars.add(f.toString()));
      }
    }
    if (jars.stream().noneMatch(j -> Path.of(j).getFileName().toString().startsWith("kafka_"))) {
      throw new IOException(
          "broker jars: none in '"
              + lib
              + "'; must hold kafka_2.13 and what it needs; build the broker module (./mvnw -pl"
              + " broker process-classes) or name the directory with -D"
              + LIB_PROPERTY);
    }
    return String.join(File.pathSeparator, jars);
  }

  private static Path lib(Path own) {
    String named = System.getProperty(LIB_PROPERTY);
    if (named != null) {
      return Path.of(named);
    }
    // Own classes are target/classes, or target/millrace-broker-*.jar: the jars lie beside either.
    return own.resolveSibling("lib");
  }

  private static Path ownClasses() {
    try {
      return Path.of(
          EmbeddedBroker.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("own class path entry is not a file", e);
    }
  }
}
