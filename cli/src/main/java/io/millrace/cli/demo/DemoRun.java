package io.millrace.cli.demo;

/** A demo under way. One thread runs it; any may close it. */
public interface DemoRun extends AutoCloseable {
  /** Runs the demo; broker and jobs go on until {@link #close}. */
  DemoReport run();

  /** Waits as long as the jobs run. */
  void keep();

  /** Ends jobs and broker; a second call does nothing. Any thread. */
  @Override
  void close();
}
