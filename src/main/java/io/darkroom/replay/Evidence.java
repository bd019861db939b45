package io.darkroom.replay;

import io.darkroom.image.MagicBytes;
import io.darkroom.image.OutputFormat;
import io.darkroom.image.OutputFormats;
import io.darkroom.image.UnreadablePicture;
import io.darkroom.job.Fingerprint;
import io.darkroom.job.Manifest;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.Size;
import io.darkroom.json.DamagedManifest;
import io.darkroom.json.ManifestCodec;
import io.darkroom.render.Bytes;
import java.util.Optional;

/**
 * The content of a file about a render: a manifest, a completed event, or a PNG file that contains
 * its request and its fingerprint.
 */
public sealed interface Evidence {

  /** A manifest or a completed event. */
  record OfManifest(Manifest manifest) implements Evidence {}

  /**
   * A picture without its manifest.
   *
   * @param request its effective request
   * @param fingerprint that of the stage that made it; empty if the file has none
   * @param size size of the picture
   * @param file the bytes of the picture
   */
  record OfPicture(RenderRequest request, Optional<Fingerprint> fingerprint, Size size, Bytes file)
      implements Evidence {}

  /** The file is none of these. */
  record Unusable(String reason) implements Evidence {}

  /** Loads the schema of manifests once. */
  final class Codec {
    private static final ManifestCodec MANIFESTS = new ManifestCodec();

    private Codec() {}
  }

  /** Reads the bytes of a file. */
  static Evidence of(byte[] file) {
    return file.length > 0 && file[0] == '{' ? ofJson(file) : ofPicture(file);
  }

  private static Evidence ofJson(byte[] file) {
    try {
      return new OfManifest(Codec.MANIFESTS.readEvent(file));
    } catch (DamagedManifest damaged) {
      return new Unusable(
          "must be a manifest or a completed event: " + String.valueOf(damaged.getMessage()));
    }
  }

  private static Size size(StoredPicture picture) {
    return new Size(picture.pixels().width(), picture.pixels().height());
  }

  private static Evidence ofPicture(byte[] file) {
    Optional<OutputFormat> format = OutputFormats.of(file);
    if (format.isEmpty()) {
      return new Unusable(
          file.length == 0 ? "is empty" : "must be a manifest, a completed event or a PNG file");
    }
    if (!MagicBytes.isPng(file)) {
      return new Unusable("is a " + format.get().name() + " file: give its manifest instead");
    }
    try {
      StoredPicture picture = StoredPicture.readPng(file);
      Optional<Fingerprint> fingerprint = picture.fingerprint();
      if (fingerprint.isEmpty() && picture.text(StoredPicture.FINGERPRINT).isPresent()) {
        return new Unusable("the fingerprint in the image is invalid");
      }
      if (picture.text(StoredPicture.REQUEST).isEmpty()) {
        return new Unusable("is an image without the text " + StoredPicture.REQUEST);
      }
      return picture
          .request()
          .<Evidence>map(
              request -> new OfPicture(request, fingerprint, size(picture), new Bytes(file)))
          .orElseGet(() -> new Unusable("the request in the image is invalid"));
    } catch (UnreadablePicture damaged) {
      return new Unusable(
          "must be a manifest, a completed event or a PNG file: " + damaged.getMessage());
    }
  }
}
