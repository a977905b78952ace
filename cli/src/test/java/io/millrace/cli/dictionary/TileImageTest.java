package io.millrace.cli.dictionary;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TileImageTest {
  @Test
  void drawsTilesRowByRowAndCutsWhatIsBeyondBlackAndWhite(@TempDir Path dir) throws Exception {
    TileImage image = new TileImage(2, 2, 3, 2, 2);
    image.draw(3, new double[] {9, 0, 100, 300, -5}, 1, v -> v);
    Path file = dir.resolve("tiles.png");
    image.write(file);
    BufferedImage read = ImageIO.read(file.toFile());
    // Two tiles of 2 x 3 pixels and three gaps of 2 on a side.
    assertThat(read.getWidth()).isEqualTo(18);
    assertThat(read.getHeight()).isEqualTo(18);
    assertThat(grey(read, 10, 10)).isZero();
    assertThat(grey(read, 13, 12)).isEqualTo(100);
    assertThat(grey(read, 10, 15)).isEqualTo(255);
    assertThat(grey(read, 15, 15)).isZero();
    assertThat(read.getRGB(2, 2)).as("an empty tile").isEqualTo(read.getRGB(0, 0));
  }

  @Test
  void anAtomsLargestEntryIsBlackOrWhiteAndZeroIsGrey() throws Exception {
    double[] atoms = {0, 0.5, 0, 0, 0, 0, -0.1, 0.05};
    BufferedImage read =
        ImageIO.read(new ByteArrayInputStream(TileImage.atoms(atoms, 2, 4, 2).png()));
    assertThat(grey(read, 3, 3)).isEqualTo(128);
    assertThat(grey(read, 8, 3)).isEqualTo(255);
    assertThat(grey(read, 15, 8)).isZero();
    assertThat(grey(read, 20, 8)).isEqualTo(191);
  }

  @Test
  void atomsThatAreNoSquareAreDrawnInTheirRows() throws Exception {
    double[] atom = new double[120];
    atom[10] = 1; // first of the second of 12 rows
    BufferedImage read =
        ImageIO.read(new ByteArrayInputStream(TileImage.atoms(atom, 1, 120, 12).png()));
    assertThat(read.getWidth()).isEqualTo(2 * (10 * 5 + 2) + 2);
    assertThat(read.getHeight()).isEqualTo(12 * 5 + 4);
    assertThat(grey(read, 2, 2 + 5)).isEqualTo(255);
    assertThat(grey(read, 2, 2)).isEqualTo(128);
    assertThat(TileImage.rows(120)).isEqualTo(10);
    assertThat(TileImage.rows(64)).isEqualTo(8);
    assertThat(TileImage.rows(7)).isEqualTo(1);
  }

  private static int grey(BufferedImage image, int x, int y) {
    int rgb = image.getRGB(x, y) & 0xFFFFFF;
    assertThat(rgb).isEqualTo((rgb & 0xFF) * 0x010101);
    return rgb & 0xFF;
  }
}
