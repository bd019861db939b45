package io.darkroom.render;

import io.darkroom.image.PictureHeader;
import io.darkroom.image.PictureReader;
import io.darkroom.image.Pixels;
import io.darkroom.image.UnreadablePicture;
import io.darkroom.job.ErrorClass;
import io.darkroom.job.ImageRef;
import io.darkroom.job.Manifest;
import io.darkroom.job.Size;
import io.darkroom.job.Violation;
import io.darkroom.model.Shape;
import io.darkroom.model.Tensor;
import io.darkroom.plan.InputFacts;
import io.darkroom.text.Sha256;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Reads input images from allowed buckets, within limits, and checks their digests. It reads first
 * the header, from which the required memory is known, and later the whole image.
 */
final class InputReader {
  /** Enough for every PNG and for most JPEG files. */
  private static final int BEGINNING = 1 << 16;

  /** For JPEG files with large metadata before the image. */
  private static final int LONG_BEGINNING = 1 << 20;

  private final ObjectStore store;
  private final RenderSettings settings;

  InputReader(ObjectStore store, RenderSettings settings) {
    this.store = store;
    this.settings = settings;
  }

  /**
   * The header of an image.
   *
   * @param pointer pointer to the image in the request
   * @param mostPixels maximum number of pixels
   * @param format {@code png} or {@code jpeg}
   * @param size upright size; width and height may be swapped if the orientation comes later in the
   *     file
   * @param readingBytes bytes of the Java heap while the image is read
   */
  record Announced(
      ImageRef ref, String pointer, long mostPixels, String format, Size size, long readingBytes) {

    /** Returns the facts that planning needs. */
    InputFacts facts() {
      return new InputFacts(size, readingBytes);
    }

    /** Returns the header with width and height swapped. */
    Announced swapSides() {
      Size other = new Size(/* width= */ size.height(), /* height= */ size.width());
      return new Announced(ref, pointer, mostPixels, format, other, readingBytes);
    }
  }

  /**
   * A picture that was read.
   *
   * @param file address and digest; for an inline picture, the address that {@link #keep} writes to
   * @param tensor {@code [3, h, w]} in [-1, 1]
   */
  record Input(Manifest.InputFile file, Tensor tensor) {
    Size size() {
      return new Size(tensor.shape().width(), tensor.shape().height());
    }
  }

  /**
   * Reads the header of a picture.
   *
   * @param mostPixels maximum number of pixels
   */
  Announced readHeader(ImageRef ref, String pointer, long mostPixels) throws RenderFailure {
    long bound = Math.min(mostPixels, settings.maxInputPixels());
    ObjectStore.Beginning begin = begin(ref, pointer, BEGINNING);
    try {
      Optional<PictureHeader> header = PictureHeader.of(begin.bytes().array());
      if (header.isEmpty() && !begin.whole()) {
        header = PictureHeader.of(begin(ref, pointer, LONG_BEGINNING).bytes().array());
      }
      PictureHeader found = header.orElseThrow(() -> sizeless(ref, pointer));
      found.check(bound);
      Size size = new Size(found.width(), found.height());
      long bytes = found.readingBytes(begin.length());
      return new Announced(ref, pointer, bound, found.format(), size, bytes);
    } catch (UnreadablePicture unreadable) {
      throw unreadable(ref, pointer, String.valueOf(unreadable.getMessage()));
    }
  }

  /**
   * Reads a picture.
   *
   * @param folder folder of the request's objects, for an inline image
   */
  Input read(Announced announced, ObjectUri folder) throws RenderFailure {
    ImageRef ref = announced.ref();
    byte[] bytes = bytes(ref, announced.pointer());
    String sha256 = Sha256.of(bytes);
    Optional<String> wanted =
        ref instanceof ImageRef.Stored stored ? stored.sha256() : Optional.empty();
    if (wanted.isPresent() && !wanted.get().equals(sha256)) {
      throw unreadable(
          ref, announced.pointer(), "its sha256 must be " + wanted.get() + ", is " + sha256);
    }
    String uri =
        ref instanceof ImageRef.Stored stored
            ? stored.uri()
            : InlineInputs.address(folder, sha256, announced.format()).toString();
    return new Input(new Manifest.InputFile(uri, sha256), tensor(bytes, announced));
  }

  /** Stores an inline image at its address, in the store for results. */
  static void keep(ImageRef ref, Manifest.InputFile file, ObjectStore results)
      throws RenderFailure {
    if (ref instanceof ImageRef.Inline inline) {
      ObjectUri uri = ObjectUri.parse(file.uri());
      results.put(uri, decoded(inline.base64(), ""), InlineInputs.mediaType(uri));
    }
  }

  private static RenderFailure sizeless(ImageRef ref, String pointer) {
    String rule = "must contain its size in its first " + LONG_BEGINNING + " bytes";
    return unreadable(ref, pointer, rule);
  }

  /**
   * Returns the failure for an unreadable picture. If the picture is inline, the request itself is
   * invalid.
   */
  private static RenderFailure unreadable(ImageRef ref, String pointer, String reason) {
    return ref instanceof ImageRef.Inline
        ? RenderFailure.invalid(List.of(new Violation(pointer, reason)))
        : RenderFailure.failed(ErrorClass.INPUT, pointer + ": " + reason);
  }

  private ObjectStore.Beginning begin(ImageRef ref, String pointer, int most) throws RenderFailure {
    if (ref instanceof ImageRef.Inline inline) {
      byte[] all = decoded(inline.base64(), pointer);
      return new ObjectStore.Beginning(new Bytes(all), all.length);
    }
    ObjectUri uri = address((ImageRef.Stored) ref, pointer);
    ObjectStore.Beginning begin = store.begin(uri, most).orElseThrow(() -> missing(uri, pointer));
    if (begin.length() > settings.maxInputBytes()) {
      throw tooLarge(
          ref, new ObjectStore.TooLarge(uri, begin.length(), settings.maxInputBytes()), pointer);
    }
    return begin;
  }

  private byte[] bytes(ImageRef ref, String pointer) throws RenderFailure {
    if (ref instanceof ImageRef.Inline inline) {
      return decoded(inline.base64(), pointer);
    }
    ObjectUri uri = address((ImageRef.Stored) ref, pointer);
    try {
      return store.get(uri, settings.maxInputBytes()).orElseThrow(() -> missing(uri, pointer));
    } catch (ObjectStore.TooLarge tooLarge) {
      throw tooLarge(ref, tooLarge, pointer);
    }
  }

  private static RenderFailure missing(ObjectUri uri, String pointer) {
    return RenderFailure.failed(ErrorClass.INPUT, pointer + ": there is no " + uri);
  }

  private static RenderFailure tooLarge(
      ImageRef ref, ObjectStore.TooLarge tooLarge, String pointer) {
    return unreadable(ref, pointer, String.valueOf(tooLarge.getMessage()));
  }

  private ObjectUri address(ImageRef.Stored stored, String pointer) throws RenderFailure {
    ObjectUri uri = Prefixes.parsed(stored.uri(), pointer + "/uri");
    boolean kept =
        settings.outputBuckets().contains(uri.bucket()) && InlineInputs.named(uri, stored.sha256());
    if (!kept && !settings.inputBuckets().contains(uri.bucket())) {
      throw RenderFailure.invalid(
          List.of(
              new Violation(
                  pointer + "/uri",
                  "bucket must be one of darkroom.input.buckets of the worker, is "
                      + uri.bucket())));
    }
    return uri;
  }

  private static byte[] decoded(String base64, String pointer) throws RenderFailure {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException notBase64) {
      throw RenderFailure.invalid(List.of(new Violation(pointer + "/data", "must be base64")));
    }
  }

  private Tensor tensor(byte[] bytes, Announced announced) throws RenderFailure {
    PictureReader reader = new PictureReader(announced.mostPixels(), settings.maxInputBytes());
    try {
      Pixels pixels = reader.read(bytes);
      return new Tensor(pixels.toTensor(), new Shape(3, pixels.height(), pixels.width()));
    } catch (UnreadablePicture unreadable) {
      String reason = String.valueOf(unreadable.getMessage());
      throw unreadable(announced.ref(), announced.pointer(), reason);
    }
  }
}
