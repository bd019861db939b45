package io.darkroom.onnx;

import io.darkroom.engine.DeviceFailure;
import io.darkroom.engine.LatentCodec;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.ModelCard;
import io.darkroom.model.Shape;
import io.darkroom.model.Space;
import io.darkroom.model.Tensor;
import io.darkroom.text.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * An autoencoder on ONNX Runtime. Small pictures are decoded in parallel on several lanes. Latents
 * that overflow in a float16 decoder are decoded by the float32 decoder, if the package has one.
 * Engine thread only.
 */
final class OrtLatentCodec implements LatentCodec, AutoCloseable {
  private static final String FLOAT32 = ModelPackage.FLOAT32_DECODER + "/model.onnx";
  private static final int CHANNELS = 3;
  private static final int PROBE_SIDE = 16;

  /**
   * Maximum numbers of all pictures that are decoded at the same time, because a decoder's memory
   * grows with them.
   */
  private static final long MOST_NUMBERS = 1 << 20;

  private final String component;
  private final PictureNetwork decoder;
  private final Optional<PictureNetwork> float32;
  private final Optional<PictureNetwork> encoder;
  private final Space space;

  private OrtLatentCodec(
      String component,
      PictureNetwork decoder,
      Optional<PictureNetwork> float32,
      Optional<PictureNetwork> encoder,
      Space space) {
    this.component = component;
    this.decoder = decoder;
    this.float32 = float32;
    this.encoder = encoder;
    this.space = space;
  }

  static OrtLatentCodec open(Path folder, Space space, NetworkSettings settings)
      throws BrokenPackage {
    String component = ModelPackage.decoder(folder);
    List<PictureNetwork> opened = new ArrayList<>();
    boolean all = false;
    try {
      PictureNetwork decoder = PictureNetwork.open(folder, component + "/model.onnx", settings);
      opened.add(decoder);
      Optional<PictureNetwork> float32 =
          optional(folder, FLOAT32, Files.exists(folder.resolve(FLOAT32)), settings);
      float32.ifPresent(opened::add);
      Optional<PictureNetwork> encoder =
          optional(folder, ModelPackage.VAE_ENCODER, space.encodes(), settings);
      all = true;
      return new OrtLatentCodec(component, decoder, float32, encoder, space);
    } finally {
      if (!all) {
        opened.forEach(PictureNetwork::close);
      }
    }
  }

  private static Optional<PictureNetwork> optional(
      Path folder, String file, boolean wanted, NetworkSettings settings) throws BrokenPackage {
    return wanted ? Optional.of(PictureNetwork.open(folder, file, settings)) : Optional.empty();
  }

  @Override
  public Tensor decode(Tensor sample) {
    Shape shape = sample.shape();
    Shape picture =
        new Shape(CHANNELS, shape.height() * space.factor(), shape.width() * space.factor());
    Tensor latents = new Tensor(space.latents().latents(sample.values()), shape);
    Tensor decoded = decoder.run(latents, picture);
    return float32.isEmpty() || decoded.isFinite() ? decoded : float32.get().run(latents, picture);
  }

  @Override
  public int lanes(Shape latents) {
    long numbers = (long) CHANNELS * latents.height() * latents.width();
    long most = MOST_NUMBERS / (numbers * space.factor() * space.factor());
    return (int) Math.max(1, Math.min(decoder.session().lanes().count(), most));
  }

  @Override
  public List<Tensor> decode(List<Tensor> samples) {
    Tensor[] pictures = new Tensor[samples.size()];
    decoder
        .session()
        .lanes()
        .run(pictures.length, (i, lane) -> pictures[i] = decode(samples.get(i)));
    return List.of(pictures);
  }

  @Override
  public Tensor encode(Tensor picture) {
    PictureNetwork network =
        encoder.orElseThrow(() -> DeviceFailure.refused("the package has no vae_encoder"));
    Shape shape = picture.shape();
    int channels = Math.toIntExact(network.output().size(1));
    Shape latents = new Shape(channels, space.cells(shape.height()), space.cells(shape.width()));
    Tensor parameters = network.run(picture, latents);
    return new Tensor(space.latents().distribution(parameters.values()), latents);
  }

  /** Returns fixed latents for the test, as small as possible. */
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

  /** Returns digests of its networks' outputs for fixed inputs. */
  Map<String, String> answers(ModelCard card) {
    Map<String, String> answers = new TreeMap<>();
    Tensor picture = decode(input(card.network()));
    answers.put(component, Sha256.of(picture.values()));
    if (float32.isPresent()) {
      Tensor latents = input(card.network());
      Tensor other = float32.get().run(latents, picture.shape());
      answers.put(ModelPackage.FLOAT32_DECODER, Sha256.of(other.values()));
    }
    if (encoder.isPresent()) {
      answers.put("vae_encoder", Sha256.of(encode(picture).values()));
    }
    return answers;
  }

  /** See {@link Session#removeLimit}. */
  void removeLimit() {
    decoder.session().removeLimit();
    float32.ifPresent(network -> network.session().removeLimit());
    encoder.ifPresent(network -> network.session().removeLimit());
  }

  @Override
  public void close() {
    decoder.close();
    float32.ifPresent(PictureNetwork::close);
    encoder.ifPresent(PictureNetwork::close);
  }
}
