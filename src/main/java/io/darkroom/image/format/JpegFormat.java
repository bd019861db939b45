package io.darkroom.image.format;

import com.google.auto.service.AutoService;
import io.darkroom.image.JpegWriter;
import io.darkroom.image.MagicBytes;
import io.darkroom.image.Medium;
import io.darkroom.image.OutputFormat;
import io.darkroom.image.Pixels;
import java.util.List;
import java.util.OptionalInt;

/** JPEG, grey or colour, with the request as embedded text. */
@AutoService(OutputFormat.class)
public final class JpegFormat implements OutputFormat {
  private static final int QUALITY = 90;

  @Override
  public String name() {
    return "jpeg";
  }

  @Override
  public String mediaType() {
    return "image/jpeg";
  }

  @Override
  public boolean recognizes(byte[] file) {
    return MagicBytes.isJpeg(file);
  }

  @Override
  public boolean holds(Medium medium, int channels) {
    return medium.is(Medium.Kind.PICTURE) && (channels == 1 || channels == 3);
  }

  @Override
  public OptionalInt standardQuality() {
    return OptionalInt.of(QUALITY);
  }

  @Override
  public boolean holdsProfile() {
    return true;
  }

  @Override
  public List<Integer> bits(Medium medium) {
    return List.of(Byte.SIZE);
  }

  @Override
  public Encoded encode(Result result) {
    Pixels pixels = result.pixels();
    byte[] file =
        JpegWriter.write(
            pixels, result.texts(), result.quality().orElse(QUALITY), result.carried().profile());
    return new Encoded(file, pixels.sha256());
  }
}
