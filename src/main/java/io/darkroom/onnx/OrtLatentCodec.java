package io.darkroom.onnx;

import io.darkroom.engine.DeviceFailure;
import io.darkroom.engine.LatentCodec;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.ModelCard;
import io.darkroom.model.Shape;
import io.darkroom.model.Space;
import io.darkroom.model.Tensor;
import io.darkroom.text.Sha256;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** An autoencoder over ONNX Runtime. Engine thread only. */
final class OrtLatentCodec implements LatentCodec, AutoCloseable {
  private static final int CHANNELS = 3;
  private static final int PROBE_SIDE = 16;

  private final String component;
  private final PictureNetwork decoder;
  private final Optional<PictureNetwork> encoder;
  private final Space space;

  private OrtLatentCodec(
      String component, PictureNetwork decoder, Optional<PictureNetwork> encoder, Space space) {
    this.component = component;
    this.decoder = decoder;
    this.encoder = encoder;
    this.space = space;
  }

  static OrtLatentCodec open(Path folder, Space space, NetworkSettings settings)
      throws BrokenPackage {
    String component = ModelPackage.decoder(folder);
    PictureNetwork decoder = PictureNetwork.open(folder, component + "/model.onnx", settings);
    boolean opened = false;
    try {
      Optional<PictureNetwork> encoder =
          space.encodes()
              ? Optional.of(PictureNetwork.open(folder, ModelPackage.VAE_ENCODER, settings))
              : Optional.empty();
      opened = true;
      return new OrtLatentCodec(component, decoder, encoder, space);
    } finally {
      if (!opened) {
        decoder.close();
      }
    }
  }

  @Override
  public Tensor decode(Tensor sample) {
    Shape shape = sample.shape();
    Shape picture =
        new Shape(CHANNELS, shape.height() * space.factor(), shape.width() * space.factor());
    return decoder.run(new Tensor(space.unscaled(sample.values()), shape), picture);
  }

  @Override
  public Tensor encode(Tensor picture) {
    PictureNetwork network =
        encoder.orElseThrow(() -> DeviceFailure.refused("the package has no vae_encoder"));
    Shape shape = picture.shape();
    int channels = Math.toIntExact(network.output().size(1));
    Shape latents = new Shape(channels, space.cells(shape.height()), space.cells(shape.width()));
    Tensor parameters = network.run(picture, latents);
    return new Tensor(space.distribution(parameters.values()), latents);
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
    long fixed = decoder.input().size(dimension);
    return fixed > 0 ? Math.toIntExact(fixed) : Math.min(standard, PROBE_SIDE);
  }

  /** Digests of what its networks give for inputs that are always the same. */
  Map<String, String> answers(ModelCard card) {
    Map<String, String> answers = new TreeMap<>();
    Tensor picture = decode(input(card.network()));
    answers.put(component, Sha256.of(picture.values()));
    if (encoder.isPresent()) {
      answers.put("vae_encoder", Sha256.of(encode(picture).values()));
    }
    return answers;
  }

  /** As {@link Session#proven}. */
  void proven() {
    decoder.session().proven();
    encoder.ifPresent(network -> network.session().proven());
  }

  @Override
  public void close() {
    decoder.close();
    encoder.ifPresent(PictureNetwork::close);
  }
}
