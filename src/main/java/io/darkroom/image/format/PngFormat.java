package io.darkroom.image.format;

import com.google.auto.service.AutoService;
import io.darkroom.image.MagicBytes;
import io.darkroom.image.Medium;
import io.darkroom.image.OutputFormat;
import io.darkroom.image.Pixels;
import io.darkroom.image.PngWriter;

/** PNG with 8 bits per channel, grey or colour, with the request as embedded text. */
@AutoService(OutputFormat.class)
public final class PngFormat implements OutputFormat {

  @Override
  public String name() {
    return "png";
  }

  @Override
  public String mediaType() {
    return "image/png";
  }

  @Override
  public boolean recognizes(byte[] file) {
    return MagicBytes.isPng(file);
  }

  @Override
  public boolean holds(Medium medium, int channels) {
    return medium.is(Medium.Kind.PICTURE) && (channels == 1 || channels == 3);
  }

  @Override
  public Encoded encode(Result result) {
    Pixels pixels = result.pixels();
    byte[] file = PngWriter.write(pixels, result.texts(), result.compression());
    return new Encoded(file, pixels.sha256());
  }
}
