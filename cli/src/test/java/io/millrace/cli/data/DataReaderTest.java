package io.millrace.cli.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.features.InputSpec.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DataReaderTest {
  @TempDir Path dir;

  private Path file(String name, String text) throws IOException {
    Path path = dir.resolve(name);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (OutputStream out =
        name.endsWith(".gz")
            ? new GZIPOutputStream(Files.newOutputStream(path))
            : Files.newOutputStream(path)) {
      out.write(bytes);
    }
    return path;
  }

  private static DataOptions options(String... arguments) throws IOException {
    DataArguments parsed = new DataArguments();
    List<String> all = new ArrayList<>(List.of("--data", "unused"));
    all.addAll(Arrays.asList(arguments));
    @CommandLine.Command
    class Command {
      @CommandLine.Mixin final DataArguments data = parsed;
    }

    new CommandLine(new Command()).parseArgs(all.toArray(String[]::new));
    return parsed.options(false);
  }

  private static List<String> read(Path path, DataOptions options) throws IOException {
    DataSchema schema = DataScan.scan(path, options);
    List<String> rows = new ArrayList<>();
    try (DataReader reader = DataReader.open(path, schema)) {
      DataRow row = new DataRow();
      while (reader.next(row)) {
        StringBuilder s = new StringBuilder(row.label + "=" + row.target);
        for (int i = 0; i < row.count; i++) {
          s.append(' ');
          switch (schema.kind()) {
            case DENSE -> s.append(row.value[i]);
            case SPARSE -> s.append(row.index[i]).append(':').append(row.value[i]);
            case NAMED -> {
              s.append(row.name[i]).append('=');
              s.append(row.category[i] == null ? String.valueOf(row.value[i]) : row.category[i]);
            }
          }
        }
        rows.add(s.toString());
      }
      assertThat(schema.rows()).isEqualTo(rows.size());
    }
    return rows;
  }

  @Test
  void csvOfNumbersIsDenseAndOneHotFollowsInOrderOfAppearance() throws IOException {
    Path path = file("a.csv.gz", "x,day,y,class\n0.5,3,2,UP\n-1e2,1,0,DOWN\n0,3,1,UP\n");
    assertThat(read(path, options("--label", "class", "--one-hot", "day")))
        .containsExactly(
            "UP=1.0 0.5 2.0 1.0 0.0", "DOWN=0.0 -100.0 0.0 0.0 1.0", "UP=1.0 0.0 1.0 1.0 0.0");
    assertThat(read(path, options("--label", "class", "--one-hot", "day", "--encode", "sparse")))
        .containsExactly(
            "UP=1.0 0:0.5 1:2.0 2:1.0", "DOWN=0.0 0:-100.0 3:1.0", "UP=1.0 1:1.0 2:1.0");
  }

  @Test
  void csvWithWordsIsNamedAndEmptyCellsAreAbsent() throws IOException {
    Path path = file("a.csv", "\uFEFFjob,age,y\n\"a, b\",3,no\n,4,yes\nc,,no\n");
    assertThat(read(path, options("--label", "y", "--log", "age")))
        .containsExactly(
            "no=0.0 job=a, b age=" + Math.log1p(3), "yes=1.0 age=" + Math.log1p(4), "no=0.0 job=c");
    assertThat(read(path, options("--label", "y", "--missing", "0", "--categorical", "job")))
        .contains("no=0.0 job=c age=0.0");
  }

  @Test
  void libsvmCountsFromOneAndClassesAreSortedAsNumbers() throws IOException {
    Path path = file("a.svm", "+1 2:1 1:0.5 # comment\n\n-1 3:4\n1\n");
    assertThat(read(path, DataOptions.defaults()))
        .containsExactly("1=1.0 0:0.5 1:1.0", "-1=0.0 2:4.0", "1=1.0");
    assertThat(read(path, options("--encode", "dense", "--dimension", "4")))
        .contains("-1=0.0 0.0 0.0 4.0 0.0");
    assertThat(read(path, options("--encode", "named"))).contains("-1=0.0 3=4.0");
  }

  @Test
  void jsonLinesMayDifferInTheirFields() throws IOException {
    Path path =
        file(
            "a.jsonl",
            "{\"a\":1,\"b\":\"x\",\"y\":true}\n{\"y\":false,\"c\":{\"d\":[2,null]},\"a\":null}\n");
    assertThat(read(path, options("--label", "y")))
        .containsExactly("true=1.0 a=1.0 b=x", "false=0.0 c.d.0=2.0");
    assertThat(DataScan.scan(path, options("--label", "y")).kind()).isEqualTo(Kind.NAMED);
  }

  @Test
  void keysIdsTimesAndWeightsAreNoFeatures() throws IOException {
    Path path = file("a.csv", "k,i,t,w,x,y\nm,7,1970-01-01 00:00:01,2,5,1\nn,8,90,1,6,0\n");
    DataOptions options =
        options(
            "--label",
            "y",
            "--key-column",
            "k",
            "--id-column",
            "i",
            "--time-column",
            "t",
            "--weight-column",
            "w");
    try (DataReader reader = DataReader.open(path, DataScan.scan(path, options))) {
      DataRow row = new DataRow();
      assertThat(reader.next(row)).isTrue();
      assertThat(List.of(row.key, row.id, row.eventTime, row.weight, row.count))
          .isEqualTo(List.of("m", "7", 1000L, 2.0, 1));
      assertThat(reader.next(row)).isTrue();
      assertThat(row.eventTime).isEqualTo(90);
      assertThat(reader.next(row)).isFalse();
    }
  }

  @Test
  void numericLabelsStayNumbers() throws IOException {
    Path path = file("a.csv", "x,y\n1,2.5\n2,-3\n");
    DataArguments arguments = new DataArguments();
    arguments.label = "y";
    try (DataReader reader = DataReader.open(path, DataScan.scan(path, arguments.options(true)))) {
      DataRow row = new DataRow();
      assertThat(reader.next(row)).isTrue();
      assertThat(row.target).isEqualTo(2.5);
    }
  }

  private void fault(String name, String text, String message, String... arguments)
      throws IOException {
    Path path = file(name, text);
    DataOptions options = options(arguments);
    assertThatThrownBy(() -> read(path, options))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(message);
  }

  @Test
  void everyFaultNamesTheRow() throws IOException {
    fault("a.csv", "x,y\n1,2\n1\n", "a.csv row 2: 1 cells, the header has 2 columns");
    fault("a.csv", "x,y\n1,2\nw,3\n", "a.csv row 2: column 'x' is 'w'", "--numeric", "x");
    fault("a.csv", "x,y\n1,2\n,3\n", "a.csv row 2: column 'x' is empty");
    fault("a.csv", "x,y\n1,\"2\n", "a.csv row 1");
    fault("a.csv", "x,x\n1,2\n", "a.csv header: column 'x' appears twice");
    fault("a.csv", "x,y\n", "a.csv: no rows");
    fault("a.csv", "", "a.csv: empty");
    fault("a.csv", "x,y\n1,2\n", "no column 'z'; it has [x, y]", "--label", "z");
    fault("a.csv", "x,y\n1,2\n", "column 'x' is named as", "--label", "x", "--ignore", "x");
    fault("a.csv", "x,y\n1,a\n", "[y] hold words", "--encode", "dense");
    fault("a.csv", "x\n1\n2\n", "more than 1 values", "--one-hot", "x", "--max-categories", "1");
    fault("a.csv", "x,y\n1,2\n", "is none of --classes", "--label", "y", "--classes", "a,b");
    fault("a.csv", "x,t\n1,soon\n", "a.csv row 1: column 't' is 'soon'", "--time-column", "t");
    fault("a.csv", "x,w\n1,-1\n", "a.csv row 1: column 'w' is '-1'", "--weight-column", "w");
    fault("a.svm", "1 1:1\n1 0:1\n", "a.svm row 2: '0:1'; expected index:value");
    fault("a.svm", "1 1:1\n1 2:x\n", "a.svm row 2: '2:x'");
    fault("a.svm", "1 2:1 2:1\n", "a.svm row 1: index 2 appears twice");
    fault("a.svm", "1 9:1\n", "--dimension 3; the rows have 9", "--dimension", "3");
    fault("a.jsonl", "{\"a\":1}\n{\"a\":\n", "a.jsonl row 2");
    fault("a.jsonl", "{\"a\":1,\"a\":2}\n", "a.jsonl row 1: Duplicate field 'a'");
    fault("a.jsonl", "[1]\n", "a.jsonl row 1: expected a JSON object");
    fault("a.txt", "x\n", "the ending says no format");
    assertThatThrownBy(() -> options("--encode", "wild"))
        .hasMessage("--encode wild; known: auto, dense, sparse, named");
  }

  @Test
  void damagedBytesAreNamedWithTheirRow() throws IOException {
    Path bad = dir.resolve("bad.csv");
    Files.write(bad, new byte[] {'x', '\n', '1', '\n', (byte) 0xff, '\n'});
    assertThatThrownBy(() -> read(bad, DataOptions.defaults()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("not UTF-8");
    StringBuilder text = new StringBuilder("x\n");
    for (int i = 0; i < 100_000; i++) {
      text.append(i * 7919L % 100_003).append('\n');
    }
    Path whole = file("cut.csv.gz", text.toString());
    Files.write(whole, Arrays.copyOf(Files.readAllBytes(whole), 100_000));
    assertThatThrownBy(() -> read(whole, DataOptions.defaults()))
        .isInstanceOf(DataException.class)
        .hasMessageMatching("cut.csv.gz row \\d+: the gzip data is cut off or damaged here");
    Files.writeString(dir.resolve("not.csv.gz"), "x\n1\n");
    assertThatThrownBy(() -> read(dir.resolve("not.csv.gz"), DataOptions.defaults()))
        .hasMessageContaining("is not gzip");
  }

  @Test
  void aRowWithoutEndIsRefused() throws IOException {
    Path path = dir.resolve("endless.svm");
    byte[] block = new byte[1 << 20];
    Arrays.fill(block, (byte) '1');
    try (OutputStream out = Files.newOutputStream(path)) {
      for (int i = 0; i <= RawReader.MAX_ROW_CHARS >> 20; i++) {
        out.write(block);
      }
    }
    assertThatThrownBy(() -> read(path, DataOptions.withLabel(null).withOneHot(Set.of())))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("endless.svm row 1: longer than");
  }
}
