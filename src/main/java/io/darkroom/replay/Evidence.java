package io.darkroom.replay;

import io.darkroom.image.EmbeddedText;
import io.darkroom.image.PngTextReader;
import io.darkroom.image.UnreadablePicture;
import io.darkroom.job.Manifest;
import io.darkroom.json.DamagedManifest;
import io.darkroom.json.ManifestCodec;
import io.darkroom.render.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a file tells about a render: a manifest (also as the data of a completed event), or a PNG
 * file that carries its request and its fingerprint.
 */
public sealed interface Evidence {
  /** Text of a result's request. */
  String REQUEST = "darkroom.request";

  /** A manifest or a completed event. */
  record OfManifest(Manifest manifest) implements Evidence {}

  /**
   * A picture without its manifest.
   *
   * @param request its effective request, JSON in UTF-8
   * @param file the bytes of the picture
   */
  record OfPicture(Bytes request, Bytes file) implements Evidence {}

  /** The file is neither. */
  record Unusable(String reason) implements Evidence {}

  /** What the bytes of a file are. */
  static Evidence of(byte[] file) {
    return file.length > 0 && file[0] == '{' ? ofJson(file) : ofPicture(file);
  }

  private static Evidence ofJson(byte[] file) {
    try {
      return new OfManifest(new ManifestCodec().readEvent(file));
    } catch (DamagedManifest damaged) {
      return new Unusable(
          "must be a manifest or a completed event: " + String.valueOf(damaged.getMessage()));
    }
  }

  private static Evidence ofPicture(byte[] file) {
    try {
      Optional<EmbeddedText> request =
          PngTextReader.read(file).stream()
              .filter(text -> text.keyword().equals(REQUEST))
              .findFirst();
      return request
          .<Evidence>map(text -> new OfPicture(utf8(text.text()), new Bytes(file)))
          .orElseGet(() -> new Unusable("is a PNG file without the text " + REQUEST));
    } catch (UnreadablePicture damaged) {
      return new Unusable(
          "must be a manifest, a completed event or a PNG file: " + damaged.getMessage());
    }
  }

  private static Bytes utf8(String text) {
    return new Bytes(text.getBytes(StandardCharsets.UTF_8));
  }
}
