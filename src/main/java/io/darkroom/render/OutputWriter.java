package io.darkroom.render;

import io.darkroom.image.OutputFormat;
import io.darkroom.image.OutputFormats;
import io.darkroom.job.Manifest;
import io.darkroom.job.Output;
import io.darkroom.job.Size;
import io.darkroom.model.Shape;
import io.darkroom.plan.Stage;
import io.darkroom.text.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Stores the encoded images of a job under names that contain their digests. */
final class OutputWriter {
  /** Digits of a SHA-256 in names. */
  static final int NAME_DIGITS = 12;

  private final ObjectStore store;

  OutputWriter(ObjectStore store) {
    this.store = store;
  }

  /** Writes all files; each is {@code <index>-<first 12 digits of its SHA-256>.<ext>}. */
  List<Manifest.OutputFile> write(
      ObjectUri folder, List<EncodedPicture> encoded, List<Stage.Image> images, Output output) {
    OutputFormat format = OutputFormats.find(output.format().orElseThrow()).orElseThrow();
    List<Manifest.OutputFile> files = new ArrayList<>();
    for (int i = 0; i < encoded.size(); i++) {
      EncodedPicture picture = encoded.get(i);
      byte[] bytes = picture.file().array();
      String sha256 = Sha256.of(bytes);
      String name = i + "-" + sha256.substring(0, NAME_DIGITS) + "." + format.name();
      ObjectUri uri = folder.child(name);
      Shape shape = picture.shape();
      store.put(uri, bytes, format.mediaType());
      files.add(
          new Manifest.OutputFile(
              i,
              images.get(i).seed(),
              uri.toString(),
              format.mediaType(),
              shape.sizes(),
              size(shape),
              bytes.length,
              sha256,
              picture.pixelsSha256()));
    }
    return files;
  }

  private static Optional<Size> size(Shape shape) {
    return shape.sides() == 2
        ? Optional.of(new Size(shape.width(), shape.height()))
        : Optional.empty();
  }

  /**
   * An encoded picture.
   *
   * @param file bytes of the file
   * @param shape shape of the result
   * @param pixelsSha256 digest of the content, independent of the format
   */
  record EncodedPicture(Bytes file, Shape shape, String pixelsSha256) {}
}
