package io.darkroom.render;

import io.darkroom.engine.Tensor;
import io.darkroom.image.PictureReader;
import io.darkroom.image.Pixels;
import io.darkroom.image.Sha256;
import io.darkroom.image.UnreadablePicture;
import io.darkroom.job.ErrorClass;
import io.darkroom.job.ImageRef;
import io.darkroom.job.Manifest;
import io.darkroom.job.Violation;
import io.darkroom.plan.Shape;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Reads the pictures that a request names: from allowed buckets, within bounds, digests checked.
 */
final class InputReader {
  private final ObjectStore store;
  private final RenderSettings settings;

  InputReader(ObjectStore store, RenderSettings settings) {
    this.store = store;
    this.settings = settings;
  }

  /**
   * One picture.
   *
   * @param tensor {@code [3, h, w]} in [-1, 1]
   */
  record Input(Manifest.InputFile file, Tensor tensor) {}

  /** Refuses an address outside the allowed buckets, before anything is asked of the store. */
  void check(ImageRef ref, String pointer) throws Ended {
    if (ref instanceof ImageRef.Stored stored) {
      address(stored, pointer);
    }
  }

  /**
   * Reads a picture.
   *
   * @param mostPixels a larger one is refused from its header, before anything is allocated for it
   */
  Input read(ImageRef ref, String pointer, long mostPixels) throws Ended {
    byte[] bytes = bytes(ref, pointer);
    String sha256 = Sha256.of(bytes);
    Optional<String> wanted =
        ref instanceof ImageRef.Stored stored ? stored.sha256() : Optional.empty();
    if (wanted.isPresent() && !wanted.get().equals(sha256)) {
      String message = pointer + ": its sha256 must be " + wanted.get() + ", is " + sha256;
      throw Ended.failed(ErrorClass.INPUT, message);
    }
    String uri = ref instanceof ImageRef.Stored stored ? stored.uri() : "data:";
    return new Input(new Manifest.InputFile(uri, sha256), tensor(bytes, pointer, mostPixels));
  }

  private byte[] bytes(ImageRef ref, String pointer) throws Ended {
    if (ref instanceof ImageRef.Inline inline) {
      return decoded(inline.base64(), pointer);
    }
    ObjectUri uri = address((ImageRef.Stored) ref, pointer);
    try {
      return store
          .get(uri, settings.maxInputBytes())
          .orElseThrow(() -> Ended.failed(ErrorClass.INPUT, pointer + ": there is no " + uri));
    } catch (ObjectStore.TooLarge tooLarge) {
      throw Ended.failed(ErrorClass.INPUT, pointer + ": " + tooLarge.getMessage());
    }
  }

  private ObjectUri address(ImageRef.Stored stored, String pointer) throws Ended {
    ObjectUri uri = Prefixes.parsed(stored.uri(), pointer + "/uri");
    if (!settings.inputBuckets().contains(uri.bucket())) {
      throw Ended.invalid(
          List.of(new Violation(pointer + "/uri", "its bucket is not one this worker reads from")));
    }
    return uri;
  }

  private static byte[] decoded(String base64, String pointer) throws Ended {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException notBase64) {
      throw Ended.invalid(List.of(new Violation(pointer + "/data", "must be base64")));
    }
  }

  private Tensor tensor(byte[] bytes, String pointer, long mostPixels) throws Ended {
    long bound = Math.min(mostPixels, settings.maxInputPixels());
    PictureReader reader = new PictureReader(bound, settings.maxInputBytes());
    try {
      Pixels pixels = reader.read(bytes);
      return new Tensor(pixels.toTensor(), new Shape(3, pixels.height(), pixels.width()));
    } catch (UnreadablePicture unreadable) {
      String message = pointer + ": " + unreadable.getMessage();
      throw Ended.failed(ErrorClass.INPUT, message);
    }
  }
}
