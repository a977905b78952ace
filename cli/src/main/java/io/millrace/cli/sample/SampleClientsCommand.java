package io.millrace.cli.sample;

import io.millrace.cli.console.Output;
import io.millrace.schemas.ClientStatus;
import io.millrace.schemas.FederationStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Every client of a federation, one line each. */
@Command(
    name = "clients",
    description = {
      "Lists the clients of a 'sample' job: rows, share of visits, and since when one is missing.",
      "As of the newest status that the job has written, which a checkpoint makes visible."
    },
    footerHeading = "%nExample:%n",
    footer = "  millrace sample clients --bootstrap-servers localhost:9092")
public final class SampleClientsCommand implements Runnable {
  @Mixin private StatusTopic topic;
  @Mixin private Output output;

  @Override
  public void run() {
    FederationStatus s = topic.newest();
    Map<String, Object> o = StatusTopic.head(s);
    List<Map<String, Object>> all = new ArrayList<>();
    for (ClientStatus c : s.getClients()) {
      Map<String, Object> client = new LinkedHashMap<>();
      client.put("client", c.getClient());
      client.put("rows", c.getRows());
      client.put("epochRows", c.getEpochRows());
      client.put("share", c.getShare());
      client.put("visits", c.getVisits());
      client.put("missingSince", c.getMissingSince().toEpochMilli());
      all.add(client);
    }
    o.put("clients", all);
    output.result(o);
    if (!output.json()) {
      print(s);
    }
  }

  private void print(FederationStatus s) {
    output.say("%s", StatusTopic.line(s));
    String row = "%-30s %12s %12s %8s %10s  %s";
    output.say(row, "CLIENT", "ROWS", "IN EPOCH", "SHARE", "VISITS", "MISSING SINCE");
    for (ClientStatus c : s.getClients()) {
      output.say(
          row,
          c.getClient(),
          c.getRows(),
          c.getEpochRows(),
          String.format(Locale.ROOT, "%.4f", c.getShare()),
          c.getVisits(),
          StatusTopic.time(c.getMissingSince()));
    }
  }
}
