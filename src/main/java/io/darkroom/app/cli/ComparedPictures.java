package io.darkroom.app.cli;

import io.darkroom.image.PictureReader;
import io.darkroom.image.Pixels;
import io.darkroom.image.UnreadablePicture;
import io.darkroom.job.Manifest;
import io.darkroom.render.ObjectStore;
import io.darkroom.render.ObjectUri;
import io.darkroom.replay.PictureDifference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A picture of the first render and the same picture of the second render.
 *
 * @param name request id and index
 */
record ComparedPictures(String name, Pixels first, Pixels second, PictureDifference difference) {
  private static final long MAX_BYTES = 1L << 30;
  private static final PictureReader READER = new PictureReader(1L << 28, MAX_BYTES);

  /**
   * Returns the pictures of both manifests in pairs. Skips outputs that are not pictures, no longer
   * exist, or have another size.
   */
  static List<ComparedPictures> of(Manifest first, Manifest second, ObjectStore store) {
    List<ComparedPictures> pairs = new ArrayList<>();
    int count = Math.min(first.outputs().size(), second.outputs().size());
    for (int i = 0; i < count; i++) {
      String name = first.requestId() + " " + i;
      Optional<Pixels> a = read(first.outputs().get(i), store);
      Optional<Pixels> b = read(second.outputs().get(i), store);
      if (a.isPresent() && b.isPresent() && sameSize(a.get(), b.get())) {
        PictureDifference difference = PictureDifference.between(a.get(), b.get());
        pairs.add(new ComparedPictures(name, a.get(), b.get(), difference));
      }
    }
    return pairs;
  }

  private static boolean sameSize(Pixels a, Pixels b) {
    return a.width() == b.width() && a.toBytes().length == b.toBytes().length;
  }

  private static Optional<Pixels> read(Manifest.OutputFile output, ObjectStore store) {
    if (!output.mediaType().startsWith("image/")) {
      return Optional.empty();
    }
    Optional<byte[]> file = store.get(ObjectUri.parse(output.uri()), MAX_BYTES);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(READER.read(file.get()));
    } catch (UnreadablePicture damaged) {
      return Optional.empty();
    }
  }
}
