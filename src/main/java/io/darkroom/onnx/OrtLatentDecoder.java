package io.darkroom.onnx;

import io.darkroom.engine.LatentDecoder;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.ModelCard;
import io.darkroom.model.Shape;
import io.darkroom.model.Space;
import io.darkroom.model.Tensor;
import io.darkroom.model.TensorInfo;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * An autoencoder's decoder over ONNX Runtime, one picture at a time: so a picture's bits cannot
 * depend on its neighbours. Buffers live as long as a call, since pictures differ in size and come
 * once per render. Engine thread only.
 */
final class OrtLatentDecoder implements LatentDecoder, AutoCloseable {
  private static final int CHANNELS = 3;
  private static final int PROBE_SIDE = 16;

  private final Session session;
  private final Space space;
  private final TensorInfo input;
  private final TensorInfo output;

  private OrtLatentDecoder(Session session, Space space, TensorInfo input, TensorInfo output) {
    this.session = session;
    this.space = space;
    this.input = input;
    this.output = output;
  }

  static OrtLatentDecoder open(Path folder, Space space, NetworkSettings settings)
      throws BrokenPackage {
    OnnxGraph graph = OnnxGraph.read(folder, ModelPackage.VAE_DECODER);
    TensorInfo input = only(graph.inputs());
    TensorInfo output = only(graph.outputs());
    return new OrtLatentDecoder(
        Session.open(folder, ModelPackage.VAE_DECODER, settings), space, input, output);
  }

  @Override
  public Tensor decode(Tensor sample) {
    Shape shape = sample.shape();
    Shape picture =
        new Shape(CHANNELS, shape.height() * space.factor(), shape.width() * space.factor());
    try (TensorRows in = rows(input, shape);
        TensorRows out = rows(output, picture)) {
      in.write(0, 0, unscaled(sample.values()));
      session.run(Map.of(input.name(), in.tensor(1)), Map.of(output.name(), out.tensor(1)));
      float[] values = new float[picture.size()];
      out.read(0, values);
      return new Tensor(values, picture);
    }
  }

  /** Latents that are always the same, no larger than they need be. */
  Tensor input(ModelCard.Network network) {
    Shape shape =
        new Shape(
            network.sampleChannels(),
            side(2, network.sampleHeight()),
            side(3, network.sampleWidth()));
    return new Tensor(TestInputs.numbers(new SplittableRandom(0), shape.size()), shape);
  }

  private int side(int dimension, int standard) {
    long fixed = input.size(dimension);
    return fixed > 0 ? Math.toIntExact(fixed) : Math.min(standard, PROBE_SIDE);
  }

  /** As {@link Session#proven}. */
  void proven() {
    session.proven();
  }

  @Override
  public void close() {
    session.close();
  }

  private float[] unscaled(float[] values) {
    float factor = (float) space.scalingFactor();
    float[] unscaled = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      unscaled[i] = values[i] / factor;
    }
    return unscaled;
  }

  private TensorRows rows(TensorInfo info, Shape shape) {
    return new TensorRows(
        session.environment(),
        info.type(),
        new long[] {shape.channels(), shape.height(), shape.width()},
        1);
  }

  private static TensorInfo only(List<TensorInfo> signature) throws BrokenPackage {
    if (signature.size() == 1 && signature.get(0).type().real() && signature.get(0).rank() == 4) {
      return signature.get(0);
    }
    throw new BrokenPackage(
        ModelPackage.VAE_DECODER,
        "",
        "must have one float32 or float16 picture in and out, has " + signature);
  }
}
