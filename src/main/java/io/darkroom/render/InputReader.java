package io.darkroom.render;

import io.darkroom.image.MalformedNpy;
import io.darkroom.image.PictureHeader;
import io.darkroom.image.PictureReader;
import io.darkroom.image.SampleRange;
import io.darkroom.image.SourcePicture;
import io.darkroom.image.TensorFile;
import io.darkroom.image.UnreadablePicture;
import io.darkroom.job.ErrorClass;
import io.darkroom.job.ImageRef;
import io.darkroom.job.Manifest;
import io.darkroom.job.Violation;
import io.darkroom.model.Shape;
import io.darkroom.model.Tensor;
import io.darkroom.plan.Draft;
import io.darkroom.plan.InputFacts;
import io.darkroom.plan.PictureForm;
import io.darkroom.text.Sha256;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Reads input images and tensors from allowed buckets, within limits, and checks their digests. It
 * reads first the header, from which the required memory is known, and later the whole file.
 */
final class InputReader {
  /** Enough for every PNG and for most JPEG files. */
  private static final int BEGINNING = 1 << 16;

  /** For JPEG files with large metadata before the image. */
  private static final int LONG_BEGINNING = 1 << 20;

  private static final String NPY = "npy";

  private final ObjectStore store;
  private final RenderSettings settings;

  InputReader(ObjectStore store, RenderSettings settings) {
    this.store = store;
    this.settings = settings;
  }

  /**
   * The header of an image or a tensor.
   *
   * @param pointer pointer to the file in the request
   * @param most maximum number of pixels, or of elements of a tensor
   * @param format {@code png}, {@code jpeg} or {@code npy}
   * @param shape {@code [C, h, w]}, upright; width and height may be swapped if the orientation
   *     comes later in the file. The whole shape of a tensor
   * @param bits 16 if samples of a picture have 16 bits, else 8
   * @param readingBytes bytes of the Java heap while the file is read
   */
  record Announced(
      ImageRef ref,
      String pointer,
      long most,
      String format,
      Shape shape,
      int bits,
      long readingBytes) {

    /** Returns the facts that planning needs. */
    InputFacts facts() {
      return new InputFacts(shape, readingBytes, bits);
    }

    /** Returns the header of a picture with width and height swapped. */
    Announced swapSides() {
      Shape other =
          new Shape(shape.channels(), shape.width(), shape.height()); // height and width exchanged
      return new Announced(ref, pointer, most, format, other, bits, readingBytes);
    }

    boolean array() {
      return format.equals(NPY);
    }
  }

  /**
   * An input that was read.
   *
   * @param file address and digest; for an inline picture, the address that {@link #keep} writes to
   * @param tensor {@code [C, h, w]} of a picture, in [-1, 1] or normalised by the package; a tensor
   *     as it is
   * @param details what is carried over to the result
   */
  record Input(Manifest.InputFile file, Tensor tensor, SourceDetails details) {}

  /** Reads the header of a picture or a tensor. */
  Announced readHeader(Draft.Input input) throws RenderFailure {
    return input.array() ? readTensorHeader(input) : readPictureHeader(input);
  }

  private Announced readTensorHeader(Draft.Input input) throws RenderFailure {
    ObjectStore.Beginning begin = begin(input.ref(), input.pointer(), TensorFile.BEGINNING);
    try {
      TensorFile file = TensorFile.of(begin.bytes().array(), begin.length(), input.most());
      return new Announced(
          input.ref(),
          input.pointer(),
          input.most(),
          NPY,
          new Shape(file.shape()),
          Byte.SIZE,
          file.readingBytes());
    } catch (MalformedNpy malformed) {
      throw unreadable(input.ref(), input.pointer(), String.valueOf(malformed.getMessage()));
    }
  }

  private Announced readPictureHeader(Draft.Input input) throws RenderFailure {
    ImageRef ref = input.ref();
    String pointer = input.pointer();
    PictureForm form = input.form();
    long bound = Math.min(input.most(), settings.maxInputPixels());
    ObjectStore.Beginning begin = begin(ref, pointer, BEGINNING);
    try {
      Optional<PictureHeader> header = PictureHeader.of(begin.bytes().array());
      if (header.isEmpty() && !begin.whole()) {
        header = PictureHeader.of(begin(ref, pointer, LONG_BEGINNING).bytes().array());
      }
      PictureHeader found = header.orElseThrow(() -> sizeless(ref, pointer));
      found.check(bound);
      Shape shape = new Shape(form.channels(), found.height(), found.width());
      long bytes = found.readingBytes(begin.length(), form.channels(), form.deep());
      return new Announced(ref, pointer, bound, found.format(), shape, found.bits(), bytes);
    } catch (UnreadablePicture unreadable) {
      throw unreadable(ref, pointer, String.valueOf(unreadable.getMessage()));
    }
  }

  /**
   * Reads a picture or a tensor.
   *
   * @param form how a picture is read
   * @param folder folder of the request's objects, for an inline image
   */
  Input read(Announced announced, PictureForm form, ObjectUri folder) throws RenderFailure {
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
    return input(new Manifest.InputFile(uri, sha256), bytes, announced, form);
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

  private Input input(Manifest.InputFile file, byte[] bytes, Announced announced, PictureForm form)
      throws RenderFailure {
    try {
      if (announced.array()) {
        return new Input(file, array(bytes, announced), SourceDetails.NOTHING);
      }
      PictureReader reader = new PictureReader(announced.most(), settings.maxInputBytes());
      return picture(file, reader.readSource(bytes, form.channels(), form.deep()), form);
    } catch (UnreadablePicture | MalformedNpy unreadable) {
      String reason = String.valueOf(unreadable.getMessage());
      throw unreadable(announced.ref(), announced.pointer(), reason);
    }
  }

  private static Input picture(Manifest.InputFile file, SourcePicture source, PictureForm form) {
    float[] values = source.values();
    Optional<SampleRange> range = Optional.empty();
    if (form.deep() && form.scaling().none()) {
      range = Optional.of(SampleRange.of(values));
      values = range.get().normalize(values);
    } else if (form.deep()) {
      values = form.scaling().samples(values);
    }
    Shape shape = new Shape(form.channels(), source.height(), source.width());
    SourceDetails details =
        form.carried()
            ? new SourceDetails(source.opacity(), source.profile(), range)
            : SourceDetails.NOTHING;
    return new Input(file, new Tensor(values, shape), details);
  }

  /** Returns a tensor; its shape differs from the announced one if the file has changed since. */
  private static Tensor array(byte[] bytes, Announced announced) throws MalformedNpy {
    TensorFile file = TensorFile.of(bytes, bytes.length, announced.most());
    return new Tensor(TensorFile.floats(bytes, announced.most()), new Shape(file.shape()));
  }
}
