package io.millrace.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import kafka.Kafka;
import kafka.tools.StorageTool;

/**
 * Entry point of the child JVM: formats the log directory if it is new, then runs the broker until
 * standard input ends. The parent holds the other end of that pipe and never writes, so the broker
 * goes when the parent does, however it ends.
 *
 * <p>Arguments: cluster id, path of server.properties.
 */
public final class BrokerMain {
  /** Longest orderly shutdown before the JVM is halted. */
  private static final long SHUTDOWN_MILLIS = 15_000;

  private BrokerMain() {}

  /** Runs the broker; returns when it has shut down. */
  public static void main(String[] args) throws IOException {
    String clusterId = args[0];
    Path config = Path.of(args[1]);
    watch("stdin-watch", BrokerMain::exitWithParent);

    Properties properties = new Properties();
    try (var in = Files.newInputStream(config)) {
      properties.load(in);
    }
    Path logDir = Path.of(properties.getProperty("log.dirs"));
    if (!Files.exists(logDir.resolve("meta.properties"))) {
      int code =
          StorageTool.execute(
              new String[] {"format", "-t", clusterId, "-c", config.toString()}, System.out);
      if (code != 0) {
        System.exit(code);
      }
    }
    Kafka.main(new String[] {config.toString()});
  }

  private static void exitWithParent() {
    try {
      while (System.in.read() >= 0) {
        // The parent never writes: whatever comes is not for us.
      }
    } catch (IOException e) {
      System.out.println("standard input failed, taken as the parent's end: " + e);
    }
    watch(
        "halt",
        () -> {
          long deadline = System.nanoTime() + SHUTDOWN_MILLIS * 1_000_000;
          while (System.nanoTime() < deadline) {
            LockSupport.parkNanos(deadline - System.nanoTime());
          }
          Runtime.getRuntime().halt(3);
        });
    System.exit(0);
  }

  private static void watch(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    thread.start();
  }
}
