package io.millrace.client.export;

import io.millrace.schemas.ModelSnapshot;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;

/** Snapshots as an Avro container file, which carries its schema: any Avro library reads it. */
public final class AvroFile {
  private AvroFile() {}

  /** Writes a file of the given snapshots and flushes; does not close the stream. */
  public static void write(Iterable<ModelSnapshot> snapshots, OutputStream out) throws IOException {
    DataFileWriter<ModelSnapshot> writer =
        new DataFileWriter<>(new SpecificDatumWriter<>(ModelSnapshot.class));
    writer.setCodec(CodecFactory.deflateCodec(6));
    writer.create(ModelSnapshot.getClassSchema(), out);
    for (ModelSnapshot s : snapshots) {
      writer.append(s);
    }
    writer.flush();
  }
}
