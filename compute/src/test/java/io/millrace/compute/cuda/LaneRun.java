package io.millrace.compute.cuda;

import java.io.PrintWriter;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/**
 * Main class of a process under a sanitizer, which runs the tests of kernels; see SanitizerTest.
 */
final class LaneRun {
  private LaneRun() {}

  /** Runs them; exit code 1 where one fails or none is there. */
  public static void main(String[] args) {
    Launcher launcher = LauncherFactory.create();
    SummaryGeneratingListener summary = new SummaryGeneratingListener();
    launcher.execute(
        LauncherDiscoveryRequestBuilder.request()
            .selectors(DiscoverySelectors.selectPackage(LaneRun.class.getPackageName()))
            .filters(
                ClassNameFilter.includeClassNamePatterns(".*Test"),
                ClassNameFilter.excludeClassNamePatterns(".*\\.(KernelText|Sanitizer)Test"))
            .build(),
        summary);
    summary.getSummary().printFailuresTo(new PrintWriter(System.out, true), 20);
    System.out.println("tests: " + summary.getSummary().getTestsSucceededCount());
    boolean fine =
        summary.getSummary().getTotalFailureCount() == 0
            && summary.getSummary().getTestsSucceededCount() > 0;
    System.exit(fine ? 0 : 1);
  }
}
