package io.millrace.tests.docs;

import io.millrace.jobs.JobFamily;
import io.millrace.jobs.Setting;
import io.millrace.jobs.SettingTable;
import io.millrace.jobs.Settings;
import io.millrace.operators.output.Channel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** docs/configuration.md, from the declarations that the configuration is read by. */
final class ConfigurationPage {
  private ConfigurationPage() {}

  static String markdown() {
    StringBuilder out = new StringBuilder();
    out.append("# Configuration of a job\n\n");
    out.append("Generated from the settings' declarations; the keys are paths in the YAML. ");
    out.append("Durations: `500ms`, `10s`, `5m`, `1h`, `7d`, `PT10S`. ");
    out.append("Sizes: `4096`, `900KiB`, `1MB`.\n\n");
    out.append("## Every job\n\n");
    table(out, Settings.table());
    Map<SettingTable, List<JobFamily>> users = new LinkedHashMap<>();
    for (JobFamily family : JobFamily.ALL) {
      family.tables().forEach(t -> users.computeIfAbsent(t, k -> new ArrayList<>()).add(family));
    }
    users.forEach(
        (table, families) -> {
          if (families.size() > 1) {
            out.append("\n## ")
                .append(
                    families.stream()
                        .map(f -> "`job: " + f.id() + "`")
                        .collect(Collectors.joining(" and ")))
                .append("\n\n");
            table(out, table);
          }
        });
    for (JobFamily family : JobFamily.ALL) {
      out.append("\n## `job: ").append(family.id()).append("`\n\n");
      family.tables().stream().filter(t -> users.get(t).size() == 1).forEach(t -> table(out, t));
      topics(out, family);
    }
    return out.toString();
  }

  private static void table(StringBuilder out, SettingTable table) {
    out.append("| key | default | allowed | meaning |\n| --- | --- | --- | --- |\n");
    for (Setting<?> s : table.all()) {
      String def = s.defaultText() == null ? "must be given" : code(s.defaultText());
      out.append("| `").append(s.key()).append("` | ").append(def).append(" | ");
      out.append(s.allowed().replace("|", "\\|")).append(" | ").append(s.doc()).append(" |\n");
    }
    table
        .open()
        .forEach(
            (section, line) ->
                out.append("| `").append(section).append(".*` | | ").append(line).append(" |\n"));
  }

  private static void topics(StringBuilder out, JobFamily family) {
    out.append("\nIt reads ")
        .append(
            family.inputs().stream()
                .map(i -> "`" + i.topic().key() + "`" + (i.required() ? "" : " (optional)"))
                .collect(Collectors.joining(", ")))
        .append(", all kept by retention, and writes:\n\n");
    out.append("| channel | cleanup | delivery | written |\n| --- | --- | --- | --- |\n");
    for (JobFamily.Output o : family.outputs()) {
      Channel c = o.channel();
      out.append("| `").append(o.topic().key()).append("` | ").append(c.cleanup().policy());
      out.append(" | ")
          .append(
              c.delivery() == Channel.Delivery.AS_CONFIGURED
                  ? "as `delivery` says"
                  : "at-least-once" + (c.loops() ? ", dropped if seen" : ""));
      out.append(" | ")
          .append(
              o.enabled() != null
                  ? "with `" + o.enabled().key() + "`"
                  : o.required() ? "always" : "unless `none`");
      out.append(" |\n");
    }
  }

  private static String code(String text) {
    return text.isEmpty() ? "" : "`" + text + "`";
  }
}
