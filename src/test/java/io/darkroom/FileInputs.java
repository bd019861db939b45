package io.darkroom;

import io.darkroom.image.MalformedNpy;
import io.darkroom.image.TensorFile;
import io.darkroom.job.ImageRef;
import io.darkroom.model.Shape;
import io.darkroom.model.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tensors of requests in files of this machine, for tests without a store. */
public final class FileInputs {
  private static final String BUCKET = "s3://files";
  private static final long MOST_ELEMENTS = 1 << 22;

  private FileInputs() {}

  /** Returns the address of a file. */
  public static String uri(Path file) {
    return BUCKET + file.toAbsolutePath().normalize();
  }

  /** Returns the file of an address. */
  public static Path file(ImageRef.Stored stored) {
    return Path.of(stored.uri().substring(BUCKET.length()));
  }

  /** Returns the tensor at an address. */
  static Tensor tensor(ImageRef.Stored stored) {
    try {
      byte[] file = Files.readAllBytes(file(stored));
      TensorFile facts = TensorFile.of(file, file.length, MOST_ELEMENTS);
      return new Tensor(TensorFile.floats(file, MOST_ELEMENTS), new Shape(facts.shape()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MalformedNpy malformed) {
      throw new AssertionError(malformed);
    }
  }
}
