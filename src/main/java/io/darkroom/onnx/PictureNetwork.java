package io.darkroom.onnx;

import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Shape;
import io.darkroom.model.Space;
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
    try (Buffers buffers = buffers(picture.shape(), result, 1)) {
      float[] values = new float[result.size()];
      buffers.run(0, picture, values);
      return new Tensor(values, result);
    }
  }

  /** Returns the number of outputs of this shape that are computed at the same time. */
  int lanes(Shape result) {
    long numbers = (long) result.channels() * result.height() * result.width();
    long most = Space.MOST_DECODED / numbers;
    return (int) Math.max(1, Math.min(session.lanes().count(), most));
  }

  /** Returns buffers for {@code lanes} pictures of one shape that run at the same time. */
  Buffers buffers(Shape picture, Shape result, int lanes) {
    return new Buffers(this, rows(input, picture, lanes), rows(output, result, lanes));
  }

  /** Inputs and outputs outside the Java heap, a row for each lane. */
  record Buffers(PictureNetwork network, TensorRows in, TensorRows out) implements AutoCloseable {

    /**
     * Runs the network on a picture. Calls with different rows may run at the same time.
     *
     * @param values receives the output
     */
    void run(int row, Tensor picture, float[] values) {
      in.write(row, 0, picture.values());
      network.session.run(
          Map.of(network.input.name(), in.tensor(row, 1)),
          Map.of(network.output.name(), out.tensor(row, 1)));
      out.read(row, values);
    }

    @Override
    public void close() {
      in.close();
      out.close();
    }
  }

  @Override
  public void close() {
    session.close();
  }

  private TensorRows rows(TensorInfo info, Shape shape, int lanes) {
    return new TensorRows(
        session.environment(),
        info.type(),
        new long[] {shape.channels(), shape.height(), shape.width()},
        lanes);
  }

  private static TensorInfo only(String file, List<TensorInfo> signature) throws BrokenPackage {
    if (signature.size() == 1 && isPicture(signature.get(0))) {
      return signature.get(0);
    }
    throw new BrokenPackage(
        file, "", "must have one float32 or float16 image in and out, has " + signature);
  }

  /** Returns whether an input can hold a picture. */
  static boolean isPicture(TensorInfo info) {
    return info.type().real() && info.rank() == 4;
  }
}
