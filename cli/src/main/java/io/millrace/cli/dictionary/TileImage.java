package io.millrace.cli.dictionary;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.DoubleUnaryOperator;
import javax.imageio.ImageIO;

/** Square grey tiles in a grid, as a PNG. Not thread-safe. */
public final class TileImage {
  private static final int GAP = 2;
  private static final int FRAME = 0x336699;

  private final int side;
  private final int zoom;
  private final int columns;
  private final BufferedImage image;

  /**
   * An empty grid.
   *
   * @param side pixels of a tile's side
   * @param zoom size of a pixel in the image
   */
  public TileImage(int side, int zoom, int columns, int rows) {
    // Set before the first use of java.awt: there may be no display.
    System.setProperty("java.awt.headless", "true");
    this.side = side;
    this.zoom = zoom;
    this.columns = columns;
    int step = side * zoom + GAP;
    image = new BufferedImage(columns * step + GAP, rows * step + GAP, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        image.setRGB(x, y, FRAME);
      }
    }
  }

  /**
   * Draws a tile.
   *
   * @param tile position, row by row
   * @param pixels [side x side] from {@code at}
   * @param grey pixel to grey, 0 (black) to 255; values beyond are cut
   */
  public void draw(int tile, double[] pixels, int at, DoubleUnaryOperator grey) {
    int step = side * zoom + GAP;
    int left = tile % columns * step + GAP;
    int top = tile / columns * step + GAP;
    for (int y = 0; y < side * zoom; y++) {
      for (int x = 0; x < side * zoom; x++) {
        double v = grey.applyAsDouble(pixels[at + y / zoom * side + x / zoom]);
        int g = (int) Math.round(Math.max(0, Math.min(255, v)));
        image.setRGB(left + x, top + y, g << 16 | g << 8 | g);
      }
    }
  }

  /** Writes the image, over what is there. */
  public void write(Path file) {
    try {
      Files.write(file, png());
    } catch (IOException e) {
      throw new UncheckedIOException("image " + file, e);
    }
  }

  /** The image as a PNG's bytes. */
  public byte[] png() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, "png", out)) {
        throw new IllegalStateException("this Java run time has no PNG writer");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /**
   * The atoms of a dictionary, each with its largest entry black or white and 0 in the middle.
   *
   * @param atoms [K x m], m a square
   * @throws IllegalArgumentException if m is none
   */
  public static TileImage atoms(double[] atoms, int count, int dimension) {
    int side = (int) Math.round(Math.sqrt(dimension));
    if (side * side != dimension) {
      throw new IllegalArgumentException(
          "atoms have " + dimension + " numbers, which is not a square; they make no image");
    }
    int columns = (int) Math.ceil(Math.sqrt(2.0 * count));
    TileImage image = new TileImage(side, 5, columns, (count + columns - 1) / columns);
    for (int j = 0; j < count; j++) {
      double largest = Double.MIN_NORMAL;
      for (int i = j * dimension; i < (j + 1) * dimension; i++) {
        largest = Math.max(largest, Math.abs(atoms[i]));
      }
      double scale = 127.5 / largest;
      image.draw(j, atoms, j * dimension, v -> 127.5 + scale * v);
    }
    return image;
  }
}
