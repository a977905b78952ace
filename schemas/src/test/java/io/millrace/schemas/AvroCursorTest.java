package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

class AvroCursorTest {
  @Property
  void readsWhatAvroWrites(
      @ForAll long l,
      @ForAll int i,
      @ForAll double d,
      @ForAll float f,
      @ForAll boolean z,
      @ForAll String s,
      @ForAll byte[] b)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder e = EncoderFactory.get().directBinaryEncoder(out, null);
    String text = new String(s.getBytes("UTF-8"), "UTF-8"); // lone surrogates are no UTF-8
    e.writeLong(l);
    e.writeInt(i);
    e.writeDouble(d);
    e.writeFloat(f);
    e.writeBoolean(z);
    e.writeString(text);
    e.writeBytes(b);
    AvroCursor c = over(out.toByteArray());
    assertThat(c.readLong()).isEqualTo(l);
    assertThat(c.readInt()).isEqualTo(i);
    assertThat(c.readDouble()).isEqualTo(d);
    assertThat(c.readFloat()).isEqualTo(f);
    assertThat(c.readBoolean()).isEqualTo(z);
    assertThat(c.readString()).isEqualTo(text);
    assertThat(c.readBytes()).isEqualTo(b);
    assertThat(c.remaining()).isZero();
    assertThat(c.failed()).isFalse();
  }

  @Property
  void theSinkWritesWhatAvroReads(
      @ForAll long l, @ForAll int i, @ForAll float f, @ForAll double d, @ForAll byte[] b)
      throws IOException {
    AvroSink sink = new AvroSink().writeLong(l).writeInt(i).writeFloat(f).writeDouble(d);
    sink.writeBytes(b, 0, b.length).writeString("ü").writeInts(new int[] {i, 0});
    sink.writeFloats(new float[] {f, 1});
    BinaryDecoder in = DecoderFactory.get().binaryDecoder(sink.toByteArray(), null);
    assertThat(in.readLong()).isEqualTo(l);
    assertThat(in.readInt()).isEqualTo(i);
    assertThat(in.readFloat()).isEqualTo(f);
    assertThat(in.readDouble()).isEqualTo(d);
    assertThat(in.readBytes(null).array()).isEqualTo(b);
    assertThat(in.readString()).isEqualTo("ü");
    assertThat(in.readArrayStart()).isEqualTo(2);
    assertThat(in.readInt()).isEqualTo(i);
    assertThat(in.readInt()).isZero();
    assertThat(in.arrayNext()).isZero();
    assertThat(in.readArrayStart()).isEqualTo(2);
    assertThat(in.readFloat()).isEqualTo(f);
    assertThat(in.readFloat()).isEqualTo(1f);
    assertThat(in.arrayNext()).isZero();
    assertThat(in.isEnd()).isTrue();
  }

  /** Same verdict as Avro on single varints, but for bits beyond an int's 32. */
  @Property
  void varintsAreReadAsAvroReadsThem(@ForAll @Size(max = 11) byte[] b) {
    AvroCursor c = over(b);
    long ours = c.readLong();
    BinaryDecoder in = DecoderFactory.get().binaryDecoder(b, null);
    try {
      long theirs = in.readLong();
      if (!c.failed()) {
        assertThat(ours).isEqualTo(theirs);
      } else {
        assertThat(b.length).isGreaterThanOrEqualTo(10);
      }
    } catch (IOException | RuntimeException e) {
      assertThat(c.failed()).as(Arrays.toString(b)).isTrue();
    }
  }

  @Property
  void noSequenceOfReadsThrows(@ForAll byte[] b, @ForAll @Size(max = 40) List<Integer> calls) {
    AvroCursor c = over(b);
    for (int call : calls) {
      int before = c.position();
      boolean failed = c.failed();
      switch (Math.floorMod(call, 12)) {
        case 0 -> c.readBoolean();
        case 1 -> c.readInt();
        case 2 -> c.readLong();
        case 3 -> c.readFloat();
        case 4 -> c.readDouble();
        case 5 -> c.readSlice();
        case 6 -> c.readString();
        case 7 -> c.readBytes();
        case 8 -> assertThat(c.readBlock(4)).isBetween(0, b.length / 4);
        case 9 -> assertThat(c.readIndex(3)).isBetween(0, 2);
        case 10 -> c.skip(call);
        default -> c.readFloats(Math.min(call, 100), new double[100], 0);
      }
      assertThat(c.position()).isBetween(before, b.length);
      assertThat(c.failed() || !failed).as("a fault sticks").isTrue();
    }
  }

  @Property
  void floatsAreReadInBulk(@ForAll float[] values) {
    AvroSink sink = new AvroSink().writeFloats(values);
    AvroCursor c = over(sink.toByteArray());
    float[] floats = new float[values.length];
    double[] doubles = new double[values.length];
    int at = 0;
    for (int n; (n = c.readBlock(Float.BYTES)) > 0; at += n) {
      int start = c.position();
      c.readFloats(n, floats, at);
      c.reset(c.bytes(), start, c.bytes().length).readFloats(n, doubles, at);
    }
    assertThat(at).isEqualTo(values.length);
    assertThat(floats).isEqualTo(values);
    for (int i = 0; i < values.length; i++) {
      assertThat(doubles[i]).isEqualTo((double) values[i]);
    }
  }

  @Test
  void anIntOfMoreThan32BitsIsAFault() {
    AvroCursor c = over(new AvroSink().writeLong(1L << 40).toByteArray());
    assertThat(c.readInt()).isZero();
    assertThat(c.failed()).isTrue();
    assertThat(c.remaining()).isZero();
  }

  @Test
  void aFaultEndsLoopsOverBlocks() {
    AvroCursor c = over(new AvroSink().writeLong(1_000).writeLong(1).toByteArray());
    int items = 0;
    for (int n; (n = c.readBlock(1)) > 0; ) {
      items += n;
    }
    assertThat(items).isZero();
    assertThat(c.failed()).isTrue();
  }

  private static AvroCursor over(byte[] b) {
    return new AvroCursor().reset(b, 0, b.length);
  }
}
