package io.darkroom.onnx;

import io.darkroom.engine.DeviceFailure;
import io.darkroom.engine.LatentCodec;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.LatentScaling;
import io.darkroom.model.ModelCard;
import io.darkroom.model.NetworkNames;
import io.darkroom.model.Shape;
import io.darkroom.model.Space;
import io.darkroom.model.Tensor;
import io.darkroom.plan.Tiling;
import io.darkroom.text.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * An autoencoder on ONNX Runtime. Small pictures are decoded in parallel on several lanes, large
 * ones in tiles ({@link Space#decodeTileFor}). Latents that overflow in a float16 decoder are
 * decoded by the float32 decoder, if the package has one. Engine thread only.
 */
final class OrtLatentCodec implements LatentCodec, AutoCloseable {
  private static final String FLOAT32 = ModelPackage.FLOAT32_DECODER + "/model.onnx";
  private static final int CHANNELS = 3;
  private static final int PROBE_SIDE = 16;

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
      DecodeTiles.check(component, decoder, space);
      Optional<PictureNetwork> float32 =
          optional(folder, FLOAT32, Files.exists(folder.resolve(FLOAT32)), settings);
      float32.ifPresent(opened::add);
      if (float32.isPresent()) {
        DecodeTiles.check(component, float32.get(), space);
      }
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
    return decode(sample, () -> false).orElseThrow();
  }

  @Override
  public Optional<Tensor> decode(Tensor sample, BooleanSupplier unwanted) {
    Tensor latents = new Tensor(space.latents().latents(sample.values()), sample.shape());
    Optional<Tensor> decoded = decode(decoder, latents, unwanted);
    boolean overflowed = decoded.isPresent() && !decoded.get().isFinite();
    return overflowed && float32.isPresent() ? decode(float32.get(), latents, unwanted) : decoded;
  }

  private Optional<Tensor> decode(
      PictureNetwork network, Tensor latents, BooleanSupplier unwanted) {
    Optional<Tiling> tiling = Tiling.ofLatents(space, latents.shape());
    return tiling.isPresent()
        ? new DecodeTiles(network, tiling.get(), space.factor()).decode(latents, unwanted)
        : Optional.of(network.run(latents, picture(latents.shape())));
  }

  private Shape picture(Shape latents) {
    return new Shape(CHANNELS, latents.height() * space.factor(), latents.width() * space.factor());
  }

  @Override
  public int lanes(Shape latents) {
    return tiled(latents) ? 1 : decoder.lanes(picture(latents));
  }

  private boolean tiled(Shape latents) {
    return space.decodeTileFor(latents).isPresent();
  }

  @Override
  public List<Tensor> decode(List<Tensor> samples) {
    if (samples.stream().anyMatch(sample -> tiled(sample.shape()))) {
      // The tiles of each picture are run on the lanes.
      return LatentCodec.super.decode(samples);
    }
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
    float[] encoded = network.run(picture, latents).values();
    boolean varies = network.output().name().equals(NetworkNames.LATENT_PARAMETERS);
    LatentScaling scaling = space.latents();
    return new Tensor(varies ? scaling.distribution(encoded) : scaling.sample(encoded), latents);
  }

  /** Returns fixed latents for the test, as small as possible. */
  Tensor input(ModelCard.Network network) {
    Shape shape =
        new Shape(
            network.sampleChannels(),
            side(2, network.layout().standard().height()),
            side(3, network.layout().standard().width()));
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
