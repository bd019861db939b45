package io.darkroom.replay;

import io.darkroom.image.AnimatedPngReader;
import io.darkroom.image.MalformedNpy;
import io.darkroom.image.MalformedWav;
import io.darkroom.image.Npy;
import io.darkroom.image.OutputFormat;
import io.darkroom.image.OutputFormats;
import io.darkroom.image.UnreadablePicture;
import io.darkroom.image.Wav;
import io.darkroom.job.Fingerprint;
import io.darkroom.job.Manifest;
import io.darkroom.job.RenderRequest;
import io.darkroom.render.ObjectStore;
import io.darkroom.render.ObjectUri;
import io.darkroom.text.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Checks without rendering that the statements of a manifest agree, and that its files are stored,
 * are unchanged, and belong to it. A PNG file must contain the request and the fingerprint of the
 * manifest. The decoded pixels of a lossless file, and the numbers of an NPY file, must have the
 * recorded digest.
 */
public final class StoredFiles {
  private static final long MAX_BYTES = 1L << 30;

  /** Dimensions of a picture, {@code [C, H, W]}. */
  private static final int PICTURE = 3;

  /** Dimensions of a film, {@code [F, H, W, C]}. */
  private static final int FILM = 4;

  private static final Set<String> READ = Set.of("image/png", "image/webp");

  private final ObjectStore store;

  /** Creates a check of the files in a store. */
  public StoredFiles(ObjectStore store) {
    this.store = store;
  }

  /**
   * Returns one line for each problem; empty if there is none.
   *
   * @throws ObjectStore.StoreFailure if the store does not answer
   */
  public List<String> check(Manifest manifest) {
    Optional<RenderRequest> request = ManifestCheck.request(manifest);
    List<String> problems = new ArrayList<>(ManifestCheck.problems(manifest, request));
    List<Manifest.RenderedStage> stages = manifest.stages();
    if (!stages.isEmpty()) {
      Fingerprint last = stages.get(stages.size() - 1).fingerprint();
      check(manifest.outputs(), request, last, problems);
    }
    stages.forEach(stage -> check(stage.outputs(), request, stage.fingerprint(), problems));
    for (Manifest.InputFile input : manifest.inputs()) {
      read(input.uri(), input.sha256(), problems);
    }
    return problems;
  }

  private void check(
      List<Manifest.OutputFile> outputs,
      Optional<RenderRequest> request,
      Fingerprint fingerprint,
      List<String> problems) {
    for (Manifest.OutputFile output : outputs) {
      Optional<byte[]> file = read(output.uri(), output.sha256(), output.bytes(), problems);
      file.ifPresent(bytes -> checkContent(output, bytes, request, fingerprint, problems));
      output.animation().ifPresent(each -> checkAnimation(each, file, problems));
    }
  }

  /** Checks that an animation has the frames of the film in the NPY file. */
  private void checkAnimation(
      Manifest.Animation animation, Optional<byte[]> film, List<String> problems) {
    Optional<byte[]> file = read(animation.uri(), animation.sha256(), animation.bytes(), problems);
    try {
      if (film.isPresent() && file.isPresent()) {
        Optional<byte[]> shown = AnimatedPngReader.read(file.get(), MAX_BYTES);
        float[] frames = Npy.read(film.get(), (int) MAX_BYTES).floats();
        if (shown.isEmpty() || !same(shown.get(), frames)) {
          problems.add(animation.uri() + ": must have the frames of the output");
        }
      }
    } catch (UnreadablePicture | MalformedNpy damaged) {
      problems.add(animation.uri() + ": " + damaged.getMessage());
    }
  }

  private static boolean same(byte[] shown, float[] frames) {
    return shown.length == frames.length
        && IntStream.range(0, frames.length).allMatch(i -> (shown[i] & 0xff) == frames[i]);
  }

  private Optional<byte[]> read(String uri, String sha256, long length, List<String> problems) {
    Optional<byte[]> file = read(uri, sha256, problems);
    if (file.isPresent() && file.get().length != length) {
      problems.add(uri + ": must have " + length + " bytes, has " + file.get().length);
    }
    return file;
  }

  private Optional<byte[]> read(String uri, String sha256, List<String> problems) {
    Optional<byte[]> bytes = get(uri, problems);
    if (bytes.isPresent() && !Sha256.of(bytes.get()).equals(sha256)) {
      problems.add(
          uri + ": sha256 must be " + sha256 + ", is " + Sha256.of(bytes.get()) + " (changed)");
      return Optional.empty();
    }
    return bytes;
  }

  private Optional<byte[]> get(String uri, List<String> problems) {
    try {
      Optional<byte[]> bytes = store.get(ObjectUri.parse(uri), MAX_BYTES);
      if (bytes.isEmpty()) {
        problems.add(uri + ": does not exist");
      }
      return bytes;
    } catch (IllegalArgumentException | ObjectStore.TooLarge unusable) {
      problems.add(uri + ": " + unusable.getMessage());
      return Optional.empty();
    }
  }

  private static void checkContent(
      Manifest.OutputFile output,
      byte[] file,
      Optional<RenderRequest> request,
      Fingerprint fingerprint,
      List<String> problems) {
    Optional<String> mediaType = OutputFormats.of(file).map(OutputFormat::mediaType);
    if (!mediaType.equals(Optional.of(output.mediaType()))) {
      problems.add(output.uri() + ": is not a file of the type " + output.mediaType());
    } else if (READ.contains(output.mediaType())) {
      checkPicture(output, file, request, fingerprint, problems);
    } else if (output.mediaType().equals(Npy.MEDIA_TYPE)) {
      checkNumbers(output, file, problems);
    } else if (output.mediaType().equals(Wav.MEDIA_TYPE)) {
      checkSound(output, file, problems);
    }
  }

  private static void checkSound(Manifest.OutputFile output, byte[] file, List<String> problems) {
    try {
      compareContent(output, Sha256.of(Wav.sampleBytes(file)), problems);
    } catch (MalformedWav damaged) {
      problems.add(output.uri() + ": " + damaged.getMessage());
    }
  }

  private static void checkNumbers(Manifest.OutputFile output, byte[] file, List<String> problems) {
    try {
      Npy tensor = Npy.read(file, (int) MAX_BYTES);
      if (!tensor.shape().equals(output.shape())) {
        problems.add(
            output.uri() + ": must have the shape " + output.shape() + ", is " + tensor.shape());
      } else {
        compareContent(output, Sha256.of(tensor.floats()), problems);
      }
    } catch (MalformedNpy damaged) {
      problems.add(output.uri() + ": " + damaged.getMessage());
    }
  }

  private static void compareContent(
      Manifest.OutputFile output, String sha256, List<String> problems) {
    if (!sha256.equals(output.pixelsSha256())) {
      problems.add(
          "%s: pixels_sha256 must be %s, is %s"
              .formatted(output.uri(), output.pixelsSha256(), sha256));
    }
  }

  /** Checks that a picture is what the output says, and contains request and fingerprint. */
  private static void checkPicture(
      Manifest.OutputFile output,
      byte[] file,
      Optional<RenderRequest> request,
      Fingerprint fingerprint,
      List<String> problems) {
    try {
      StoredPicture picture = StoredPicture.read(file);
      checkPixels(output, picture, problems);
      if (picture.text(StoredPicture.FINGERPRINT).isPresent()
          && !picture.fingerprint().map(own -> same(own, fingerprint)).orElse(false)) {
        problems.add(output.uri() + ": its fingerprint is not that of the manifest");
      }
      Optional<RenderRequest> own = picture.request();
      if (own.isPresent() && request.isPresent() && !sameRender(own.get(), request.get())) {
        problems.add(output.uri() + ": its request is not that of the manifest");
      }
    } catch (UnreadablePicture damaged) {
      problems.add(output.uri() + ": " + damaged.getMessage());
    }
  }

  /** Compares fingerprints. Files of earlier workers do not contain the digest of the plan. */
  private static boolean same(Fingerprint own, Fingerprint recorded) {
    return own.equals(own.planSha256().isEmpty() ? recorded.withPlan(Optional.empty()) : recorded);
  }

  private static void checkPixels(
      Manifest.OutputFile output, StoredPicture picture, List<String> problems) {
    List<Integer> shape = output.shape();
    if (shape.size() < PICTURE || shape.size() > FILM) {
      return;
    }
    List<Integer> size = List.of(picture.pixels().height(), picture.pixels().width());
    if (shape.subList(1, 3).equals(size)) {
      picture
          .contentSha256(shape.get(0))
          .ifPresent(digest -> compareContent(output, digest, problems));
    } else {
      problems.add(
          "%s: must have the height and width %s, has %s"
              .formatted(output.uri(), shape.subList(1, 3), size));
    }
  }

  /** Returns whether two requests give the same images: the picture has the canonical form. */
  private static boolean sameRender(RenderRequest own, RenderRequest other) {
    return own.id().equals(other.id())
        && own.seeds().equals(other.seeds())
        && own.stage().equals(other.stage())
        && own.then().equals(other.then());
  }
}
