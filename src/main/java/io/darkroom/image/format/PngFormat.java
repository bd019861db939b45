package io.darkroom.image.format;

import com.google.auto.service.AutoService;
import io.darkroom.image.OutputFormat;
import io.darkroom.image.Pixels;
import io.darkroom.image.PngWriter;

/** PNG with 8 bits per channel, grey or colour, with the request as text inside. */
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
  public boolean holds(int channels) {
    return channels == 1 || channels == 3;
  }

  @Override
  public Encoded encode(Result result) {
    Pixels pixels = result.pixels();
    byte[] file = PngWriter.write(pixels, result.texts(), result.compression());
    return new Encoded(file, pixels.sha256());
  }
}
