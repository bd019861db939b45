package io.darkroom.app.cli;

import io.darkroom.image.Pixels;
import io.darkroom.image.ResultReader;
import io.darkroom.image.UnreadablePicture;
import io.darkroom.job.Manifest;
import io.darkroom.render.ObjectStore;
import io.darkroom.render.ObjectUri;
import io.darkroom.replay.Measure;
import io.darkroom.replay.NumberDifference;
import io.darkroom.replay.PictureDifference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The outputs of the first and the second render of a request, in pairs.
 *
 * @param measures how much they differ
 * @param pictures the pairs of pictures
 */
record ComparedOutputs(List<Measure> measures, List<ComparedPictures> pictures) {
  private static final int MAX_BYTES = 1 << 30;
  private static final ResultReader READER = new ResultReader(1L << 28, MAX_BYTES);

  ComparedOutputs {
    measures = List.copyOf(measures);
    pictures = List.copyOf(pictures);
  }

  /**
   * Compares the outputs of two manifests. Skips those that no longer exist, are damaged, or have
   * another shape.
   */
  static ComparedOutputs of(Manifest first, Manifest second, ObjectStore store) {
    List<Measure> measures = new ArrayList<>();
    List<ComparedPictures> pictures = new ArrayList<>();
    int count = Math.min(first.outputs().size(), second.outputs().size());
    for (int i = 0; i < count; i++) {
      Manifest.OutputFile was = first.outputs().get(i);
      Manifest.OutputFile is = second.outputs().get(i);
      Optional<Measure> numbers = numbers(was, is, store);
      numbers.ifPresent(measures::add);
      if (numbers.isEmpty()) {
        pictures(first.requestId() + " " + i, was, is, store).ifPresent(pictures::add);
      }
    }
    pictures.forEach(pair -> measures.add(pair.difference()));
    return new ComparedOutputs(measures, pictures);
  }

  private static Optional<ComparedPictures> pictures(
      String name, Manifest.OutputFile first, Manifest.OutputFile second, ObjectStore store) {
    Optional<Pixels> was = picture(first, store);
    Optional<Pixels> is = picture(second, store);
    if (was.isEmpty() || is.isEmpty() || !sameSize(was.get(), is.get())) {
      return Optional.empty();
    }
    PictureDifference difference = PictureDifference.between(was.get(), is.get());
    return Optional.of(new ComparedPictures(name, was.get(), is.get(), difference));
  }

  private static boolean sameSize(Pixels a, Pixels b) {
    return a.width() == b.width() && a.height() == b.height() && a.channels() == b.channels();
  }

  private static Optional<Pixels> picture(Manifest.OutputFile output, ObjectStore store) {
    if (!output.mediaType().startsWith("image/")) {
      return Optional.empty();
    }
    Optional<byte[]> file = store.get(ObjectUri.parse(output.uri()), MAX_BYTES);
    try {
      return file.isEmpty() ? Optional.empty() : Optional.of(READER.read(file.get()));
    } catch (UnreadablePicture damaged) {
      return Optional.empty();
    }
  }

  /** Compares outputs that are no pictures with 8 bits. */
  private static Optional<Measure> numbers(
      Manifest.OutputFile first, Manifest.OutputFile second, ObjectStore store) {
    Optional<double[]> was = numbers(first, store);
    Optional<double[]> is = numbers(second, store);
    boolean alike =
        first.mediaType().equals(second.mediaType()) && first.shape().equals(second.shape());
    if (!alike || was.isEmpty() || is.isEmpty() || was.get().length != is.get().length) {
      return Optional.empty();
    }
    return Optional.of(NumberDifference.between(was.get(), is.get()));
  }

  private static Optional<double[]> numbers(Manifest.OutputFile output, ObjectStore store) {
    return store
        .get(ObjectUri.parse(output.uri()), MAX_BYTES)
        .flatMap(file -> StoredNumbers.read(output.mediaType(), file))
        .filter(numbers -> numbers.length > 0);
  }
}
