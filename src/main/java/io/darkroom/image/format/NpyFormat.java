package io.darkroom.image.format;

import com.google.auto.service.AutoService;
import io.darkroom.image.Frames;
import io.darkroom.image.MagicBytes;
import io.darkroom.image.Medium;
import io.darkroom.image.Npy;
import io.darkroom.image.OutputFormat;
import io.darkroom.text.Sha256;
import java.util.List;
import java.util.Optional;

/**
 * NumPy's NPY: the raw float32 values, any shape. Films are stored as frames with 8 bits, {@code
 * [F, H, W, C]}.
 */
@AutoService(OutputFormat.class)
public final class NpyFormat implements OutputFormat {

  @Override
  public String name() {
    return "npy";
  }

  @Override
  public String mediaType() {
    return Npy.MEDIA_TYPE;
  }

  @Override
  public boolean recognizes(byte[] file) {
    return MagicBytes.match(file, 0, 0x93, 'N', 'U', 'M', 'P', 'Y');
  }

  @Override
  public boolean holds(Medium medium, int channels) {
    return true;
  }

  @Override
  public Optional<String> animation(Medium medium) {
    return medium.is(Medium.Kind.FILM) ? Optional.of("png") : Optional.empty();
  }

  @Override
  public List<Integer> bits(Medium medium) {
    return medium.is(Medium.Kind.FILM) ? List.of(Byte.SIZE) : List.of();
  }

  @Override
  public Encoded encode(Result result) {
    if (result.medium().is(Medium.Kind.FILM)) {
      return film(result);
    }
    byte[] file =
        Npy.write(result.values(), result.shape().stream().mapToInt(Integer::intValue).toArray());
    return new Encoded(file, Sha256.of(result.values()));
  }

  private static Encoded film(Result result) {
    Npy frames = Npy.of(result.storedShape(), Frames.samples(result.frames()));
    return new Encoded(frames.toBytes(), Sha256.of(frames.floats()));
  }
}
