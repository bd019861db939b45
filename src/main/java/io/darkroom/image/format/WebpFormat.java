package io.darkroom.image.format;

import com.google.auto.service.AutoService;
import io.darkroom.image.MagicBytes;
import io.darkroom.image.Medium;
import io.darkroom.image.OutputFormat;
import io.darkroom.image.Pixels;
import io.darkroom.image.WebpWriter;
import java.util.List;

/** WebP, lossless or (with a quality) lossy, with the request as embedded text. */
@AutoService(OutputFormat.class)
public final class WebpFormat implements OutputFormat {

  @Override
  public String name() {
    return "webp";
  }

  @Override
  public String mediaType() {
    return "image/webp";
  }

  @Override
  public boolean recognizes(byte[] file) {
    return MagicBytes.isWebp(file);
  }

  @Override
  public boolean holds(Medium medium, int channels) {
    return medium.is(Medium.Kind.PICTURE) && (channels == 1 || channels == 3);
  }

  @Override
  public boolean takesQuality() {
    return true;
  }

  @Override
  public int mostSide() {
    return WebpWriter.MOST_SIDE;
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
        WebpWriter.write(pixels, result.texts(), result.quality(), result.carried().profile());
    return new Encoded(file, pixels.sha256());
  }
}
