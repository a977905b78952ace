package io.millrace.cli.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.features.InputSpec.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file's columns are taken for, and what is said of it. */
class DataScanTest {
  @TempDir Path dir;

  private DataSchema scan(String name, String text, String... arguments) throws IOException {
    Path file = Files.writeString(dir.resolve(name), text);
    return DataScan.scan(file, DataReaderTest.options(arguments));
  }

  /** A column of numbers, and one cell that is none. */
  private static String numbersAnd(String cell) {
    StringBuilder csv = new StringBuilder("x,y\n");
    for (int i = 1; i <= 20; i++) {
      csv.append(i == 7 ? "\"" + cell + "\"" : "0." + i).append(',').append(i % 2).append('\n');
    }
    return csv.toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"?", "1,5", "NaN", "inf", "1e999", "n/a", "1 000", "0x1F", "-"})
  void oneCellThatIsNoNumberDoesNotMakeWordsOfTheOthers(String cell) {
    assertThatThrownBy(() -> scan("a.csv", numbersAnd(cell), "--label", "y"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("a.csv row 7: column 'x' is '" + cell + "', but most of the 20 cells")
        .hasMessageContaining("--categorical 'x'");
  }

  @Test
  void theUserSaysWhatSuchACellIs() throws IOException {
    DataSchema empty =
        scan("a.csv", numbersAnd("?"), "--label", "y", "--absent", "?,NA", "--missing", "0");
    assertThat(empty.kind()).isEqualTo(Kind.DENSE);
    assertThat(empty.notes()).isEmpty();
    DataSchema words = scan("a.csv", numbersAnd("?"), "--label", "y", "--categorical", "x");
    assertThat(words.kind()).isEqualTo(Kind.NAMED);
    assertThat(words.names()).isEqualTo(20);
  }

  @Test
  void aColumnOfDecimalCommasIsNoColumnOfWords() {
    assertThatThrownBy(() -> scan("a.csv", "x,y\n\"1,5\",0\n\"2,5\",1\n", "--label", "y"))
        .hasMessageContaining("a.csv row 1: column 'x' is '1,5'")
        .hasMessageContaining("write a number with a point");
  }

  @Test
  void aLabelThatIsNoNumberAmongNumbersIsNoClass() throws IOException {
    String text = "x,y\n1,0\n2,1\n3,0\n4,?\n";
    assertThatThrownBy(() -> scan("a.csv", text, "--label", "y"))
        .hasMessageContaining(
            "a.csv row 4: the label is '?', but most of the 4 labels are numbers");
    assertThat(scan("a.csv", text, "--label", "y", "--classes", "0,1,?").classes()).hasSize(3);
    assertThat(scan("a.csv", text, "--label", "y", "--absent", "?").classes()).hasSize(2);
  }

  @Test
  void whatWasGuessedIsSaid() throws IOException {
    DataSchema mixed = scan("a.csv", "x,y\nred,0\nblue,1\n7,0\n", "--label", "y");
    assertThat(mixed.notes())
        .containsExactly(
            "column 'x' is taken as words, such as 'red' in row 1, and with them its numbers, such"
                + " as '7' in row 3",
            "features are named and hashed, because columns [x] hold words; --one-hot for columns"
                + " with few values makes them dense");
    assertThat(scan("a.csv", "x,y\n1,0\n2,1\n", "--label", "y").notes()).isEmpty();
  }

  @Test
  void wordsOfJsonAreWordsWhateverTheyLookLike() throws IOException {
    DataSchema zip = scan("a.jsonl", "{\"zip\":\"12345\"}\n{\"zip\":\"99999\"}\n");
    assertThat(zip.kind()).isEqualTo(Kind.NAMED);
    assertThatThrownBy(() -> scan("b.jsonl", "{\"a\":1}\n{\"a\":2}\n{\"a\":\"NaN\"}\n"))
        .hasMessageContaining("b.jsonl row 3: column 'a' is 'NaN', but most of the 3 cells");
  }

  /** So that nothing has been sent when it is found. */
  @Test
  void faultsOfLaterCellsAreFoundByTheFirstPass() {
    assertThatThrownBy(() -> scan("a.csv", "x,z\n1,1\n2,\n3,\n"))
        .hasMessageContaining("a.csv row 2: column 'z' is empty, as in 2 rows; a dense row needs");
    assertThatThrownBy(() -> scan("a.jsonl", "{\"a\":1,\"b\":2}\n{\"a\":1}\n"))
        .hasMessageContaining("a.jsonl row 2: column 'b' is empty");
    assertThatThrownBy(() -> scan("a.csv", "x,w\n1,1\n2,much\n", "--weight-column", "w"))
        .hasMessageContaining("a.csv row 2: column 'w' is 'much'");
    assertThatThrownBy(() -> scan("a.csv", "x,t\n1,1\n2,0\n", "--time-column", "t"))
        .hasMessageContaining("a.csv row 2: column 't' is '0'");
  }

  @Test
  void hashBitsFollowTheNumberOfNames() throws IOException {
    StringBuilder csv = new StringBuilder("word,x,y\n");
    for (int i = 0; i < 1000; i++) {
      csv.append('w').append(i).append(",1,").append(i % 2).append('\n');
    }
    DataSchema schema = scan("a.csv", csv.toString(), "--label", "y");
    assertThat(schema.names()).isEqualTo(1001);
    assertThat(schema.hashBits()).isEqualTo(14);
    assertThat(scan("b.csv", "word,y\na,0\nb,1\n", "--label", "y").hashBits()).isEqualTo(8);
  }
}
