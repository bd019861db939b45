package io.darkroom.onnx;

import ai.onnxruntime.OnnxTensor;
import io.darkroom.model.TensorInfo;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The buffers of one run of a network with one row. For use by one thread. */
final class RunBuffers implements AutoCloseable {
  private final Session session;
  private final Map<String, TensorRows> inputs = new LinkedHashMap<>();
  private final Map<String, TensorRows> outputs = new LinkedHashMap<>();

  RunBuffers(Session session) {
    this.session = session;
  }

  /** Returns the buffer of an input, to be filled. */
  TensorRows input(TensorInfo info, long... row) {
    return added(inputs, info, row);
  }

  /** Adds the buffer of an output. */
  void output(TensorInfo info, long... row) {
    added(outputs, info, row);
  }

  private TensorRows added(Map<String, TensorRows> buffers, TensorInfo info, long... row) {
    TensorRows rows = new TensorRows(session.environment(), info.type(), row, 1);
    buffers.put(info.name(), rows);
    return rows;
  }

  /** Runs the network. Returns the outputs by name, in new arrays. */
  Map<String, float[]> run() {
    session.run(tensors(inputs), tensors(outputs));
    Map<String, float[]> given = new HashMap<>();
    outputs.forEach(
        (name, rows) -> {
          float[] values = new float[rows.elements()];
          rows.read(0, values);
          given.put(name, values);
        });
    return given;
  }

  private static Map<String, OnnxTensor> tensors(Map<String, TensorRows> buffers) {
    Map<String, OnnxTensor> tensors = new HashMap<>();
    buffers.forEach((name, rows) -> tensors.put(name, rows.tensor(0, 1)));
    return tensors;
  }

  @Override
  public void close() {
    inputs.values().forEach(TensorRows::close);
    outputs.values().forEach(TensorRows::close);
  }
}
