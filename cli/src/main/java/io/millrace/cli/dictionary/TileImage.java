package io.millrace.cli.dictionary;

import io.millrace.client.Model;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.DoubleUnaryOperator;
import javax.imageio.ImageIO;

/** Grey tiles in a grid, as a PNG. Not thread-safe. */
public final class TileImage {
  private static final int GAP = 2;
  private static final int FRAME = 0x336699;
  private static final String DICTIONARY = "dictionary";

  private final int width;
  private final int height;
  private final int zoom;
  private final int columns;
  private final BufferedImage image;

  /**
   * An empty grid.
   *
   * @param width pixels of a tile's row
   * @param height rows of a tile
   * @param zoom size of a pixel in the image
   */
  public TileImage(int width, int height, int zoom, int columns, int rows) {
    // Set before the first use of java.awt: there may be no display.
    System.setProperty("java.awt.headless", "true");
    this.width = width;
    this.height = height;
    this.zoom = zoom;
    this.columns = columns;
    image =
        new BufferedImage(
            columns * (width * zoom + GAP) + GAP,
            rows * (height * zoom + GAP) + GAP,
            BufferedImage.TYPE_INT_RGB);
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
   * @param pixels [height x width] from {@code at}
   * @param grey pixel to grey, 0 (black) to 255; values beyond are cut
   */
  public void draw(int tile, double[] pixels, int at, DoubleUnaryOperator grey) {
    int left = tile % columns * (width * zoom + GAP) + GAP;
    int top = tile / columns * (height * zoom + GAP) + GAP;
    for (int y = 0; y < height * zoom; y++) {
      for (int x = 0; x < width * zoom; x++) {
        double v = grey.applyAsDouble(pixels[at + y / zoom * width + x / zoom]);
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
   * @param atoms [K x m]
   * @param rows of an atom read as an image row by row; must divide m
   */
  public static TileImage atoms(double[] atoms, int count, int dimension, int rows) {
    int columns = (int) Math.ceil(Math.sqrt(2.0 * count));
    TileImage image =
        new TileImage(dimension / rows, rows, 5, columns, (count + columns - 1) / columns);
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

  /**
   * The atoms of a published dictionary.
   *
   * @throws IllegalArgumentException if the model is none, or its atoms are no images
   */
  public static TileImage of(Model model) {
    int[] shape = model.shape(DICTIONARY);
    return atoms(model.tensor(DICTIONARY), shape[0], shape[1], height(model));
  }

  /** Rows of an atom of a published dictionary, read as an image. */
  public static int height(Model model) {
    int[] shape = model.shape(DICTIONARY);
    if (shape.length != 2) {
      throw new IllegalArgumentException(model + " has a dictionary that is no matrix");
    }
    String text = model.config().get("dictionary.rows");
    int rows = text == null ? rows(shape[1]) : (int) Double.parseDouble(text);
    if (rows < 1 || shape[1] % rows != 0) {
      throw new IllegalArgumentException(
          model + ": dictionary.rows = " + text + "; must divide " + shape[1]);
    }
    return rows;
  }

  /** The rows with which so many numbers make the image nearest to a square, never a taller one. */
  public static int rows(int dimension) {
    int rows = (int) Math.sqrt(dimension);
    while (dimension % rows != 0) {
      rows--;
    }
    return rows;
  }
}
