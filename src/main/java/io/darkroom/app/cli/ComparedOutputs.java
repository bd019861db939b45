package io.darkroom.app.cli;

import io.darkroom.image.Pixels;
import io.darkroom.image.ResultReader;
import io.darkroom.image.UnreadablePicture;
import io.darkroom.job.Manifest;
import io.darkroom.render.Bytes;
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
      String name = first.requestId() + " " + i;
      Optional<Stored> was = stored(first.outputs().get(i), store);
      Optional<Stored> is = stored(second.outputs().get(i), store);
      if (was.isEmpty() || is.isEmpty()) {
        continue;
      }
      Optional<Measure> numbers = numbers(was.get(), is.get());
      numbers.ifPresent(measures::add);
      if (numbers.isEmpty()) {
        pictures(name, was.get(), is.get()).ifPresent(pictures::add);
      }
    }
    pictures.forEach(pair -> measures.add(pair.difference()));
    return new ComparedOutputs(measures, pictures);
  }

  /** An output and its file. */
  private record Stored(Manifest.OutputFile output, Bytes file) {}

  private static Optional<Stored> stored(Manifest.OutputFile output, ObjectStore store) {
    return store
        .get(ObjectUri.parse(output.uri()), MAX_BYTES)
        .map(file -> new Stored(output, new Bytes(file)));
  }

  private static Optional<ComparedPictures> pictures(String name, Stored first, Stored second) {
    Optional<Pixels> was = picture(first);
    Optional<Pixels> is = picture(second);
    if (was.isEmpty() || is.isEmpty() || !sameSize(was.get(), is.get())) {
      return Optional.empty();
    }
    PictureDifference difference = PictureDifference.between(was.get(), is.get());
    return Optional.of(new ComparedPictures(name, was.get(), is.get(), difference));
  }

  private static boolean sameSize(Pixels a, Pixels b) {
    return a.width() == b.width() && a.height() == b.height() && a.channels() == b.channels();
  }

  private static Optional<Pixels> picture(Stored stored) {
    if (!stored.output().mediaType().startsWith("image/")) {
      return Optional.empty();
    }
    try {
      return Optional.of(READER.read(stored.file().array()));
    } catch (UnreadablePicture damaged) {
      return Optional.empty();
    }
  }

  /** Compares outputs that are no pictures with 8 bits. */
  private static Optional<Measure> numbers(Stored first, Stored second) {
    Manifest.OutputFile was = first.output();
    Manifest.OutputFile is = second.output();
    if (!was.mediaType().equals(is.mediaType()) || !was.shape().equals(is.shape())) {
      return Optional.empty();
    }
    Optional<double[]> before = StoredNumbers.read(was.mediaType(), first.file().array());
    Optional<double[]> now = StoredNumbers.read(is.mediaType(), second.file().array());
    return before.isEmpty()
            || now.isEmpty()
            || before.get().length == 0
            || before.get().length != now.get().length
        ? Optional.empty()
        : Optional.of(NumberDifference.between(before.get(), now.get()));
  }
}
