package io.millrace.cli;

import io.millrace.jobs.Build;
import picocli.CommandLine.IVersionProvider;

/** What {@code millrace --version} prints. */
final class BuildVersion implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"millrace " + Build.version()};
  }
}
