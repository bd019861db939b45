package io.darkroom.onnx;

import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Shape;
import io.darkroom.model.Tensor;
import io.darkroom.model.TensorInfo;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A network that converts one picture to another, one at a time, so the bits of a picture cannot
 * depend on others. Buffers live as long as a call, because pictures differ in size and there is
 * one per render. Engine thread only.
 */
record PictureNetwork(Session session, TensorInfo input, TensorInfo output)
    implements AutoCloseable {

  static PictureNetwork open(Path folder, String file, NetworkSettings settings)
      throws BrokenPackage {
    OnnxGraph graph = OnnxGraph.read(folder, file);
    TensorInfo input = only(file, graph.inputs());
    TensorInfo output = only(file, graph.outputs());
    return new PictureNetwork(Session.open(folder, file, settings), input, output);
  }

  /**
   * Returns the output for a picture.
   *
   * @param result shape of the output
   */
  Tensor run(Tensor picture, Shape result) {
    try (TensorRows in = rows(input, picture.shape());
        TensorRows out = rows(output, result)) {
      in.write(0, 0, picture.values());
      session.run(Map.of(input.name(), in.tensor(0, 1)), Map.of(output.name(), out.tensor(0, 1)));
      float[] values = new float[result.size()];
      out.read(0, values);
      return new Tensor(values, result);
    }
  }

  @Override
  public void close() {
    session.close();
  }

  private TensorRows rows(TensorInfo info, Shape shape) {
    return new TensorRows(
        session.environment(),
        info.type(),
        new long[] {shape.channels(), shape.height(), shape.width()},
        1);
  }

  private static TensorInfo only(String file, List<TensorInfo> signature) throws BrokenPackage {
    if (signature.size() == 1 && isPicture(signature.get(0))) {
      return signature.get(0);
    }
    throw new BrokenPackage(
        file, "", "must have one float32 or float16 picture in and out, has " + signature);
  }

  /** Returns whether an input can hold a picture. */
  static boolean isPicture(TensorInfo info) {
    return info.type().real() && info.rank() == 4;
  }
}
