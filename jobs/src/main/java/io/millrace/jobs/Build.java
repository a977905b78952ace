package io.millrace.jobs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** What the build wrote into {@code build.properties}. */
public final class Build {
  private Build() {}

  /** Version of this software, for example {@code 0.1.0-SNAPSHOT}. */
  public static String version() {
    Properties build = new Properties();
    try (InputStream in = Build.class.getResourceAsStream("build.properties")) {
      build.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("build.properties of the jobs", e);
    }
    return build.getProperty("version");
  }
}
