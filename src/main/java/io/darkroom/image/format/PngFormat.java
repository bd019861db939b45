package io.darkroom.image.format;

import com.google.auto.service.AutoService;
import io.darkroom.image.AnimatedPng;
import io.darkroom.image.Frames;
import io.darkroom.image.MagicBytes;
import io.darkroom.image.Medium;
import io.darkroom.image.OutputFormat;
import io.darkroom.image.Pixels;
import io.darkroom.image.PngWriter;
import io.darkroom.text.Sha256;
import java.util.List;

/**
 * PNG, grey or colour, with the request as embedded text: 8 bits per channel for pictures and
 * films, which are animated, 16 bits for 16-bit data. The digest of 16-bit data is that of the
 * numbers, as for NPY.
 */
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
    boolean picture = medium.is(Medium.Kind.PICTURE);
    boolean film = medium.is(Medium.Kind.FILM);
    boolean data = medium.is(Medium.Kind.UINT16) && medium.hasTwoSides();
    return (picture || film || data) && (channels == 1 || channels == 3);
  }

  @Override
  public boolean holdsOpacity(Medium medium) {
    return medium.is(Medium.Kind.PICTURE);
  }

  @Override
  public boolean holdsProfile() {
    return true;
  }

  @Override
  public List<Integer> bits(Medium medium) {
    return List.of(medium.is(Medium.Kind.UINT16) ? Short.SIZE : Byte.SIZE);
  }

  @Override
  public Encoded encode(Result result) {
    return switch (result.medium().kind()) {
      case UINT16 -> deep(result);
      case FILM -> animated(result);
      default -> plain(result);
    };
  }

  private static Encoded animated(Result result) {
    List<Pixels> frames = result.frames();
    byte[] file =
        AnimatedPng.write(frames, result.medium().rate(), result.texts(), result.compression());
    return new Encoded(file, Sha256.of(Frames.samples(frames)));
  }

  private static Encoded deep(Result result) {
    byte[] file =
        PngWriter.write(
            result.deepPixels(), result.texts(), result.compression(), result.carried().profile());
    return new Encoded(file, Sha256.of(result.values()));
  }

  private static Encoded plain(Result result) {
    Pixels pixels = result.pixels();
    byte[] file =
        PngWriter.write(pixels, result.texts(), result.compression(), result.carried().profile());
    return new Encoded(file, pixels.sha256());
  }
}
