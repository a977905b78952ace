package io.millrace.cli.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.features.InputSpec.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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

  static DataOptions options(String... arguments) throws IOException {
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

  static List<String> read(Path path, DataOptions options) throws IOException {
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
    assertThatThrownBy(() -> read(path, options(arguments)))
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
    fault("a.csv", "0.5,up\n0.7,down\n", "column 1 is named '0.5', a number");
    fault("a.csv", "x;y\n1;2\n", "Then say --delimiter ';'");
    fault("a.csv", "\"a, b\",y\n1,2\n", "quote one that holds a comma", "--ignore", "a, b");
    fault("a.csv", "x\n1\n", "--missing NaN; must be a finite number", "--missing", "NaN");
    fault("a.csv", "x\n1\n", "--missing Infinity; must be", "--missing", "Infinity");
    fault("a.svm", "1:1 2:1\n", "a.svm row 1: begins with '1:1'; expected the label");
    fault("a.svm", "1,3 2:1\n", "a.svm row 1: begins with '1,3'; expected the label");
    fault("a.svm", "1 1:1\n2:3\n", "a.svm row 2: begins with '2:3'");
    fault("a.jsonl", "{\"a\":1e999}\n", "a.jsonl row 1: column 'a' is 1e999; beyond the range");
    fault(
        "a.jsonl",
        "{\"u.age\":1,\"u\":{\"age\":2}}\n",
        "row 1: column 'u.age' is written in two ways, \"u.age\" and \"u\": \"age\"");
    fault(
        "a.jsonl",
        "{\"a\":[1]}\n{\"a\":{\"0\":2}}\n",
        "row 2: column 'a.0' is written in two ways, \"a\": [0] and \"a\": \"0\"");
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
        .hasMessageMatching(
            "cut.csv.gz row \\d+: the gzip data is cut off or damaged here: .*no end");
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

  @Test
  void aNominalColumnIsOneCoordinateWithThePlacesOfItsValues() throws IOException {
    Path path = file("n.csv", "day,x,y,night\nmo,1,a,no\ntu,2,b,no\nmo,3,a,no\n");
    DataSchema schema = DataScan.scan(path, options("--label", "y", "--nominal", "day,night"));
    assertThat(schema.dimension()).isEqualTo(3);
    assertThat(schema.nominal()).isEqualTo(Map.of(1, 2, 2, 2));
    assertThat(schema.coordinateNames()).containsExactly("x", "day", "night");
    List<List<Double>> rows = new ArrayList<>();
    try (DataReader reader = DataReader.open(path, schema)) {
      DataRow row = new DataRow();
      while (reader.next(row)) {
        rows.add(Arrays.stream(row.value, 0, row.count).boxed().toList());
      }
    }
    assertThat(rows)
        .containsExactly(List.of(1.0, 0.0, 0.0), List.of(2.0, 1.0, 0.0), List.of(3.0, 0.0, 0.0));
    Path empty = file("e.csv", "day,x,y\nmo,1,a\n,2,b\n");
    assertThatThrownBy(() -> DataScan.scan(empty, options("--label", "y", "--nominal", "day")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("day");
    Path words = file("w.csv", "day,x,y\nmo,u,a\ntu,v,b\n");
    assertThatThrownBy(() -> DataScan.scan(words, options("--label", "y", "--nominal", "day")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("goes with dense features, these are named");
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return out.toByteArray();
  }

  private Path bytes(String name, byte[]... parts) throws IOException {
    try (OutputStream out = Files.newOutputStream(dir.resolve(name))) {
      for (byte[] part : parts) {
        out.write(part);
      }
    }
    return dir.resolve(name);
  }

  @Test
  void everyMemberOfAGzipFileIsRead() throws IOException {
    Path two = bytes("a.csv.gz", gzip("x\n1\n"), gzip("2\n"), gzip(""), gzip("3\n"));
    assertThat(read(two, DataOptions.defaults())).hasSize(3);
    Path padded = bytes("b.csv.gz", gzip("x\n1\n"), gzip("2\n"), new byte[70_000]);
    assertThat(read(padded, DataOptions.defaults())).hasSize(2);
    Path unnamed = bytes("c.csv", gzip("x\n1\n"), gzip("2\n"));
    assertThat(read(unnamed, DataOptions.defaults())).hasSize(2);
  }

  @Test
  void whatFollowsAGzipMemberIsAMemberOrAFault() throws IOException {
    byte[] damaged = gzip("2\n3\n4\n");
    damaged[damaged.length - 6] ^= 1; // within the checksum
    byte[] cut = Arrays.copyOf(gzip("2\n3\n"), 12);
    byte[] junk = "x,y\n".getBytes(StandardCharsets.UTF_8);
    byte[] zeroThenJunk = {0, 0, 7};
    for (byte[] second : List.of(damaged, cut, junk, zeroThenJunk, new byte[] {0x1f})) {
      Path path = bytes("a.csv.gz", gzip("x\n1\n"), second);
      assertThatThrownBy(() -> read(path, DataOptions.defaults()))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("the gzip data is cut off or damaged here");
    }
  }

  @Test
  void aByteOrderMarkIsNoContentWhereverItMeetsTheFirstCell() throws IOException {
    String mark = "\uFEFF";
    for (String text :
        List.of(
            "\"a, b\",\"y\"\r\n1,up\r\n2,down\r\n", "a,y\n1,up\n2,down\n", "y,b\nup,1\ndown,2\n")) {
      List<String> plain = read(file("a.csv", text), options("--label", "y"));
      assertThat(read(file("b.csv", mark + text), options("--label", "y"))).isEqualTo(plain);
      assertThat(read(file("c.csv.gz", mark + text), options("--label", "y"))).isEqualTo(plain);
    }
    assertThat(read(file("a.svm", mark + "1 1:2\n0 1:1\n"), DataOptions.defaults()))
        .containsExactly("1=1.0 0:2.0", "0=0.0 0:1.0");
    assertThat(read(file("a.jsonl", mark + "{\"a\":1}\n"), DataOptions.defaults())).hasSize(1);
    Path wide = bytes("w.csv", "\uFEFFx\n1\n".getBytes(StandardCharsets.UTF_16LE));
    assertThatThrownBy(() -> read(wide, DataOptions.defaults()))
        .hasMessageContaining("w.csv: the text is UTF-16; save it as UTF-8");
  }

  @Test
  void namesWithACommaAreQuotedInLists() throws IOException {
    Path path = file("a.csv", "\"a, b\",c,d,y\n1,2,3,\"yes, sir\"\n4,5,6,no\n");
    assertThat(
            read(
                path,
                options(
                    "--label",
                    "y",
                    "--ignore",
                    "\"a, b\",c",
                    "--classes",
                    "no, \"yes, sir\"",
                    "--delimiter",
                    ",")))
        .containsExactly("yes, sir=1.0 3.0", "no=0.0 6.0");
    Path other = file("b.csv", "x;y\n1;2,5\n");
    assertThat(read(other, options("--delimiter", ";", "--label", "y", "--classes", "\"2,5\"")))
        .containsExactly("2,5=0.0 1.0");
    assertThatThrownBy(() -> options("--delimiter", "ab"))
        .hasMessage("--delimiter ab; must be one character, or tab");
  }

  @Test
  void classesAreOneWhereTheirNumbersAreEqualAndOnlyThere() throws IOException {
    Path path =
        file(
            "a.csv",
            "x,y\n1,9007199254740993\n1,9007199254740992\n1,+1\n1,1.0\n1,007\n1,7\n1,1e3\n1,1000\n");
    DataSchema schema = DataScan.scan(path, options("--label", "y"));
    assertThat(schema.classes())
        .containsExactly("1", "007", "7", "1000", "9007199254740992", "9007199254740993");
  }
}
