package io.millrace.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.cli.Millrace;
import java.io.PrintWriter;
import java.io.StringWriter;

/** Runs command lines in this JVM. */
public final class Cli {
  private Cli() {}

  /** Runs a command that must succeed and returns the one object it prints. */
  public static JsonNode json(String... args) throws JsonProcessingException {
    String out = lines(args);
    assertThat(out.strip().lines()).hasSize(1);
    return new ObjectMapper().readTree(out);
  }

  /** Runs a command that must succeed and returns what it prints. */
  public static String lines(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Millrace.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(args);
    assertThat(code).as(String.join(" ", args) + "\n" + out + err).isZero();
    return out.toString();
  }
}
