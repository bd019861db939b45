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
    for (EncodedPicture picture : encoded) {
      int index = files.size();
      byte[] bytes = picture.file().array();
      String sha256 = Sha256.of(bytes);
      ObjectUri uri = put(folder, index, sha256, bytes, format);
      Shape shape = picture.shape();
      files.add(
          new Manifest.OutputFile(
              index,
              images.get(index).seed(),
              uri.toString(),
              format.mediaType(),
              shape.sizes(),
              size(shape),
              bytes.length,
              sha256,
              picture.pixelsSha256(),
              picture.animation().map(file -> animation(folder, index, file.array()))));
    }
    return files;
  }

  private Manifest.Animation animation(ObjectUri folder, int index, byte[] bytes) {
    String sha256 = Sha256.of(bytes);
    OutputFormat format = OutputFormats.of(bytes).orElseThrow();
    ObjectUri uri = put(folder, index, sha256, bytes, format);
    return new Manifest.Animation(uri.toString(), format.mediaType(), bytes.length, sha256);
  }

  private ObjectUri put(
      ObjectUri folder, int index, String sha256, byte[] bytes, OutputFormat format) {
    String name = index + "-" + sha256.substring(0, NAME_DIGITS) + "." + format.name();
    ObjectUri uri = folder.child(name);
    store.put(uri, bytes, format.mediaType());
    return uri;
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
   * @param animation bytes of a second file for image viewers
   */
  record EncodedPicture(Bytes file, Shape shape, String pixelsSha256, Optional<Bytes> animation) {}
}
