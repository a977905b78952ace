package io.millrace.cli.demo;

import java.nio.file.Path;

/**
 * What the demo is asked for.
 *
 * @param rows of the stream to take, held-back ones included
 * @param keys models the rows are dealt to in turn
 * @param rate most events per second, or null
 * @param restPort port or range of Flink's web interface
 * @param directory of log, broker, checkpoints and the job's YAML
 */
public record DemoOptions(int rows, int keys, Double rate, String restPort, Path directory) {}
