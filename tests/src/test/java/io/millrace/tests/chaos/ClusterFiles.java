package io.millrace.tests.chaos;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A directory laid out like a Flink distribution: {@code conf}, {@code usrlib}, and a class path
 * that holds Flink's jars and nothing of ours. Without the shell scripts of a distribution,
 * config.yaml has to say what they compute: every part of a task manager's memory, and its cores.
 */
final class ClusterFiles {
  /** Flags every JVM of a Flink cluster needs, from the parent pom by way of surefire. */
  private static final String FLAGS_PROPERTY = "millrace.jvm.flags";

  private static final String HEAP = "-Xmx320m";
  private static final String DIRECT = "-XX:MaxDirectMemorySize=256m";

  private final Path directory;
  private final int restPort;

  /**
   * Writes the files.
   *
   * @param directory made if absent
   * @param slots of each task manager
   */
  ClusterFiles(Path directory, int slots) throws IOException {
    this.directory = Files.createDirectories(directory.toAbsolutePath());
    int rpcPort;
    try (ServerSocket a = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        ServerSocket b = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      rpcPort = a.getLocalPort();
      restPort = b.getLocalPort();
    }
    Path temporary = Files.createDirectories(this.directory.resolve("tmp"));
    Files.createDirectories(this.directory.resolve("conf"));
    Files.writeString(
        this.directory.resolve("conf/config.yaml"),
        """
        jobmanager.rpc.address: 127.0.0.1
        jobmanager.rpc.port: %d
        jobmanager.bind-host: 127.0.0.1
        rest.address: 127.0.0.1
        rest.bind-address: 127.0.0.1
        rest.port: %d
        rest.bind-port: %d
        taskmanager.host: 127.0.0.1
        taskmanager.bind-host: 127.0.0.1
        taskmanager.numberOfTaskSlots: %d
        taskmanager.cpu.cores: 1.0
        taskmanager.memory.framework.heap.size: 128m
        taskmanager.memory.task.heap.size: 192m
        taskmanager.memory.framework.off-heap.size: 128m
        taskmanager.memory.task.off-heap.size: 64m
        taskmanager.memory.network.min: 64m
        taskmanager.memory.network.max: 64m
        taskmanager.memory.managed.size: 64m
        taskmanager.memory.jvm-metaspace.size: 160m
        taskmanager.memory.jvm-overhead.min: 128m
        taskmanager.memory.jvm-overhead.max: 128m
        cluster.registration.error-delay: 500ms
        heartbeat.interval: 1000
        heartbeat.timeout: 15000
        pekko.ask.timeout: 60s
        io.tmp.dirs: %s
        web.upload.dir: %s
        execution.checkpointing.dir: %s
        """
            .formatted(
                rpcPort,
                restPort,
                restPort,
                slots,
                temporary,
                temporary,
                this.directory.resolve("checkpoints").toUri()));
    Files.writeString(
        this.directory.resolve("conf/log4j2.properties"),
        """
        rootLogger.level = INFO
        rootLogger.appenderRef.out.ref = Out
        appender.out.name = Out
        appender.out.type = CONSOLE
        appender.out.layout.type = PatternLayout
        appender.out.layout.pattern = %d{HH:mm:ss.SSS} %-5p %-40c{1.} - %m%n
        logger.kafka.name = org.apache.kafka
        logger.kafka.level = WARN
        """);
    Path usrlib = Files.createDirectories(this.directory.resolve("usrlib"));
    Files.copy(jobJar(), usrlib.resolve("millrace-jobs.jar"));
  }

  Path directory() {
    return directory;
  }

  int restPort() {
    return restPort;
  }

  /** Starts one of Flink's entry points on these files. */
  Child start(String name, String mainClass, String... arguments) throws IOException {
    List<String> java = new ArrayList<>(jvmFlags());
    java.addAll(List.of(HEAP, DIRECT, "-XX:+UseSerialGC"));
    java.add("-Dlog4j.configurationFile=" + directory.resolve("conf/log4j2.properties"));
    java.addAll(List.of("-cp", flinkClassPath(), mainClass));
    java.addAll(List.of("--configDir", directory.resolve("conf").toString()));
    java.addAll(List.of(arguments));
    // Flink finds usrlib beside the directory this names; the directory itself is not looked at.
    String lib = directory.resolve("lib").toString();
    return Child.java(name, directory, Map.of("FLINK_LIB_DIR", lib), java);
  }

  /** The jar a user gives to a cluster. */
  static Path jobJar() {
    return built("millrace.job.jar", "../jobs/target/millrace-jobs.jar");
  }

  private static List<String> jvmFlags() {
    String flags = System.getProperty(FLAGS_PROPERTY);
    if (flags == null) {
      throw new IllegalStateException("-D" + FLAGS_PROPERTY + " is not set; run by Maven");
    }
    return Arrays.asList(flags.split(" "));
  }

  private static String flinkClassPath() throws IOException {
    Path lib = built("millrace.flink.lib", "cluster/target/lib");
    try (Stream<Path> jars = Files.list(lib)) {
      String path =
          jars.filter(j -> j.toString().endsWith(".jar"))
              .sorted()
              .map(Path::toString)
              .collect(Collectors.joining(File.pathSeparator));
      if (path.contains("millrace-") || path.contains("avro") || path.contains("kafka")) {
        throw new IllegalStateException(
            "'" + lib + "' holds jars a Flink distribution does not; nothing would be proved");
      }
      return path;
    }
  }

  private static Path built(String property, String fallback) {
    Path path = Path.of(System.getProperty(property, fallback)).toAbsolutePath().normalize();
    if (!Files.exists(path)) {
      throw new IllegalStateException("'" + path + "' is missing; run ./scripts/chaos");
    }
    return path;
  }
}
