package io.millrace.tests.sample;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Finds rows in files, byte by byte: each of their numbers as a double of either order of bytes and
 * as text, two numbers in a row as floats of either order. Rows are to have numbers that nothing
 * else has by chance: with all their digits, not 0 or 1.
 */
public final class RowTraces {
  /** What is looked for begins with as many bytes that are looked up at once. */
  private static final int HEAD = Long.BYTES;

  private final Map<Long, List<Trace>> byHead = new HashMap<>();

  private record Trace(byte[] bytes, String what) {}

  /** Adds a row. */
  public void add(String name, double... numbers) {
    for (int i = 0; i < numbers.length; i++) {
      String what = name + "[" + i + "] = " + numbers[i];
      for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
        ByteBuffer number = ByteBuffer.allocate(Double.BYTES).order(order);
        add(number.putDouble(numbers[i]).array(), what);
        if (i + 1 < numbers.length) {
          ByteBuffer two = ByteBuffer.allocate(2 * Float.BYTES).order(order);
          two.putFloat((float) numbers[i]).putFloat((float) numbers[i + 1]);
          add(two.array(), what + " and the next, as floats");
        }
      }
      add(Double.toString(numbers[i]).getBytes(StandardCharsets.US_ASCII), what + ", as text");
    }
  }

  private void add(byte[] bytes, String what) {
    if (bytes.length < HEAD) {
      throw new IllegalArgumentException(what + ": too few digits to be recognised by");
    }
    long head = ByteBuffer.wrap(bytes).getLong();
    byHead.computeIfAbsent(head, h -> new ArrayList<>()).add(new Trace(bytes, what));
  }

  /** What of the rows stands in any file below a directory, with the file's name. */
  public TreeSet<String> in(Path directory) throws IOException {
    TreeSet<String> found = new TreeSet<>();
    List<Path> files;
    try (Stream<Path> all = Files.walk(directory)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      try (FileChannel channel = FileChannel.open(file)) {
        ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
        search(bytes, directory.relativize(file), found);
      }
    }
    return found;
  }

  private void search(ByteBuffer in, Path file, TreeSet<String> found) {
    long window = 0;
    for (int end = 0; end < in.limit(); end++) {
      window = window << Byte.SIZE | in.get(end) & 0xff;
      if (window == 0 || end < HEAD - 1) {
        continue; // index files are mostly zeros
      }
      List<Trace> candidates = byHead.get(window);
      if (candidates != null) {
        int at = end - HEAD + 1;
        candidates.stream()
            .filter(t -> stands(t.bytes(), in, at))
            .forEach(t -> found.add(file + ": " + t.what()));
      }
    }
  }

  private static boolean stands(byte[] bytes, ByteBuffer in, int at) {
    if (at + bytes.length > in.limit()) {
      return false;
    }
    for (int i = HEAD; i < bytes.length; i++) {
      if (in.get(at + i) != bytes[i]) {
        return false;
      }
    }
    return true;
  }
}
