package io.darkroom.image.format;

import com.google.auto.service.AutoService;
import io.darkroom.image.Npy;
import io.darkroom.image.OutputFormat;
import io.darkroom.text.Sha256;

/** NumPy's NPY: the raw float32 values {@code [C, H, W]} of any number of channels. */
@AutoService(OutputFormat.class)
public final class NpyFormat implements OutputFormat {

  @Override
  public String name() {
    return "npy";
  }

  @Override
  public String mediaType() {
    return "application/x-npy";
  }

  @Override
  public boolean holds(int channels) {
    return true;
  }

  @Override
  public Encoded encode(Result result) {
    byte[] file = Npy.write(result.values(), result.channels(), result.height(), result.width());
    return new Encoded(file, Sha256.of(result.values()));
  }
}
