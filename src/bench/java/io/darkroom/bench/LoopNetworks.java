package io.darkroom.bench;

import io.darkroom.engine.LatentCodec;
import io.darkroom.engine.Networks;
import io.darkroom.engine.TextEncoder;
import io.darkroom.engine.Tokenizer;
import io.darkroom.job.Fingerprint;
import io.darkroom.model.EncodedText;
import io.darkroom.model.ModelCard;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The networks of a package for measurements of the denoising loop: pictures are not decoded, and a
 * text is encoded once. An iteration of the engine then consists of its loop and the denoiser,
 * which is timed.
 */
final class LoopNetworks implements Networks {
  private final Networks networks;
  private final WatchedDenoiser denoiser;
  private final Map<List<Object>, EncodedText> encoded = new HashMap<>();

  LoopNetworks(Networks networks) {
    this.networks = networks;
    this.denoiser = new WatchedDenoiser(networks.denoiser());
  }

  @Override
  public ModelCard card() {
    return networks.card();
  }

  @Override
  public WatchedDenoiser denoiser() {
    return denoiser;
  }

  @Override
  public Map<String, TextEncoder> textEncoders() {
    Map<String, TextEncoder> once = new HashMap<>();
    networks.textEncoders().forEach((name, encoder) -> once.put(name, once(name, encoder)));
    return once;
  }

  @Override
  public Map<String, Tokenizer> tokenizers() {
    return networks.tokenizers();
  }

  @Override
  public Optional<LatentCodec> latentCodec() {
    return Optional.empty();
  }

  @Override
  public Fingerprint.Device device() {
    return networks.device();
  }

  @Override
  public void close() {
    networks.close();
  }

  private TextEncoder once(String name, TextEncoder encoder) {
    return (texts, skip) -> texts.stream().map(text -> once(name, encoder, text, skip)).toList();
  }

  private EncodedText once(String name, TextEncoder encoder, Tokenizer.Tokens text, int skip) {
    List<Object> key = List.of(name, skip, Arrays.stream(text.ids()).boxed().toList());
    return encoded.computeIfAbsent(key, absent -> encoder.encode(List.of(text), skip).get(0));
  }
}
