package io.millrace.jobs;

import io.millrace.core.learn.PublishedModel;
import io.millrace.operators.learner.WarmStart;
import io.millrace.schemas.DecodeException;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.SnapshotCodec;
import io.millrace.schemas.Tensor;
import io.millrace.schemas.Tensors;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Starts every key from one published snapshot, which travels with the job. */
final class SnapshotStart implements WarmStart {
  private static final long serialVersionUID = 1;

  private final byte[] bytes;
  private transient Start start;

  private SnapshotStart(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * From an encoded snapshot, header included.
   *
   * @throws IOException if it is none
   */
  static SnapshotStart of(byte[] bytes) throws IOException {
    SnapshotStart s = new SnapshotStart(bytes);
    try {
      s.start = decode(bytes);
    } catch (DecodeException e) {
      throw new IOException(e.getMessage(), e);
    }
    return s;
  }

  @Override
  public Start of(String key) {
    if (start == null) {
      try {
        start = decode(bytes);
      } catch (DecodeException e) {
        throw new IllegalStateException("warm start was readable at submission", e);
      }
    }
    return start;
  }

  private static Start decode(byte[] bytes) throws DecodeException {
    ModelSnapshot snapshot = SnapshotCodec.decode(bytes);
    Map<String, PublishedModel.Tensor> tensors = new LinkedHashMap<>();
    for (Tensor t : snapshot.getTensors()) {
      tensors.put(
          t.getName(),
          new PublishedModel.Tensor(Tensors.shape(t), Tensors.rows(t), Tensors.held(t)));
    }
    return new Start(
        new PublishedModel(Map.copyOf(snapshot.getConfig()), tensors),
        snapshot.getKey() + "@" + snapshot.getVersion());
  }
}
