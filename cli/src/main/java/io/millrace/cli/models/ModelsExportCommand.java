package io.millrace.cli.models;

import io.millrace.cli.console.Causes;
import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.console.Count;
import io.millrace.cli.console.Output;
import io.millrace.cli.dictionary.TileImage;
import io.millrace.client.Model;
import io.millrace.client.export.AvroFile;
import io.millrace.client.export.OnnxModel;
import io.millrace.client.export.SnapshotJson;
import io.millrace.schemas.SnapshotCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32C;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes the newest version of a model to a file. */
@Command(
    name = "export",
    description = "Writes the newest version of a model to a file.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  millrace models export nsw --format onnx --out nsw.onnx",
      "  millrace models export nsw --format snapshot --out start.bin    for warm-start.file of a job"
    })
public final class ModelsExportCommand implements Runnable {
  /** What is written. */
  enum Format {
    JSON,
    AVRO,
    ONNX,
    PNG,
    SNAPSHOT
  }

  @Parameters(paramLabel = "KEY", description = "Model key.")
  private String key;

  @Option(
      names = "--format",
      required = true,
      paramLabel = "F",
      description = {
        "json: everything, with the names of the schema; avro: a container file with its schema;",
        "onnx: for any ONNX run time (supervised models); png: the atoms of a dictionary of square",
        "patches; snapshot: the bytes of the topic, for warm-start.file of a job."
      })
  private Format format;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description =
          "Where to. Default: KEY-VERSION.FORMAT in the current directory, a key of other characters"
              + " than A-Z a-z 0-9 . _ - with its checksum.")
  private Path file;

  @Option(names = "--force", description = "Replace the file if it is there.")
  private boolean force;

  @Mixin private ModelTopic topic;
  @Mixin private Output output;

  @Override
  public void run() {
    Model model = topic.model(key);
    String name = format.name().toLowerCase(Locale.ROOT);
    Path to = file != null ? file : Path.of(fileName(key) + "-" + model.version() + "." + name);
    if (Files.exists(to) && !force) {
      throw new CommandFailed("--out = " + to + "; is there already; --force replaces it");
    }
    byte[] bytes = bytes(model);
    try {
      Files.write(to, bytes);
    } catch (IOException e) {
      throw new CommandFailed("--out = " + to + "; cannot be written: " + Causes.of(e), e);
    }
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("key", model.key());
    o.put("version", model.version());
    o.put("format", name);
    o.put("file", to.toString());
    o.put("bytes", bytes.length);
    output.result(o);
    if (!output.json()) {
      output.say("%s: %s, %s", to, model, Count.of(bytes.length, "byte"));
    }
  }

  /** A key as a file name that no other key has: what is replaced would be the same for two. */
  static String fileName(String key) {
    String plain = key.replaceAll("[^A-Za-z0-9._-]", "_");
    if (plain.equals(key)) {
      return plain;
    }
    CRC32C sum = new CRC32C();
    sum.update(key.getBytes(StandardCharsets.UTF_8));
    return plain + "-" + HexFormat.of().toHexDigits((int) sum.getValue());
  }

  private byte[] bytes(Model model) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      switch (format) {
        case JSON -> SnapshotJson.write(model.snapshot(), out);
        case AVRO -> AvroFile.write(List.of(model.snapshot()), out);
        case ONNX -> OnnxModel.write(model, out);
        case PNG -> {
          model.requireUsable();
          out.write(TileImage.of(model).png());
        }
        case SNAPSHOT -> out.write(SnapshotCodec.encode(model.snapshot()));
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandFailed("--format = " + format + "; " + e.getMessage(), e);
    }
    return out.toByteArray();
  }
}
