package io.millrace.operators.shell;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Backends;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.externalresource.ExternalResourceInfo;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The GPUs that Flink has found for a task manager ({@code external-resource.gpu.*}), and the one
 * of them that a subtask works on. Flink hands every operator all of them; subtasks take them in
 * turn, by their index.
 */
final class GivenDevices {
  /** Name of the resource in Flink's configuration, as in Flink's own pages. */
  static final String RESOURCE = "gpu";

  /** Property of a device with its number, as Flink's own driver for GPUs has it. */
  private static final String INDEX = "index";

  private static final Logger LOG = LoggerFactory.getLogger(GivenDevices.class);

  private GivenDevices() {}

  /**
   * The setting of the compute backend for a subtask: with the number of its device where the
   * backend has devices and Flink has given some, else the job's own.
   *
   * @throws ConfigException for a device whose index is no number
   */
  static String setting(String setting, RuntimeContext context) {
    List<Integer> devices = new ArrayList<>();
    for (ExternalResourceInfo info : context.getExternalResourceInfos(RESOURCE)) {
      devices.add(number(info));
    }
    if (devices.isEmpty()) {
      return setting;
    }
    devices.sort(null);
    int subtask = context.getTaskInfo().getIndexOfThisSubtask();
    int device = devices.get(subtask % devices.size());
    String own = Backends.on(setting, device);
    if (!own.equals(setting)) {
      LOG.info("subtask {} works on GPU {} of {}", subtask, device, devices);
    }
    return own;
  }

  private static int number(ExternalResourceInfo info) {
    String index = info.getProperty(INDEX).orElse("");
    if (index.matches("[0-9]{1,9}")) {
      return Integer.parseInt(index);
    }
    throw new ConfigException(
        "external-resource.gpu: a device has the index '"
            + index
            + "', which must be the number of a device, at least 0; mend the discovery script");
  }
}
