package io.darkroom.render;

import io.darkroom.image.EmbeddedText;
import io.darkroom.image.JpegWriter;
import io.darkroom.image.Npy;
import io.darkroom.image.Pixels;
import io.darkroom.image.PngWriter;
import io.darkroom.job.Fingerprint;
import io.darkroom.job.Output;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.Size;
import io.darkroom.model.Tensor;
import io.darkroom.plan.RenderPlan;
import io.darkroom.plan.Stage;
import io.darkroom.text.Sha256;
import java.util.ArrayList;
import java.util.List;

/** Encodes the images of a job, with the request as text inside where the format allows it. */
final class PictureEncoder {
  private final RenderRequest effective;
  private final PictureText text;
  private final int pngLevel;

  PictureEncoder(RenderPlan plan, Fingerprint fingerprint, int pngLevel) {
    this.effective = plan.effective();
    this.text = new PictureText(effective, fingerprint, plan.stage(), plan.steps());
    this.pngLevel = pngLevel;
  }

  /** Encodes each image; the file replaces the image on the heap. */
  List<OutputWriter.EncodedPicture> encode(Rendered rendered, List<Stage.Part> images) {
    List<OutputWriter.EncodedPicture> encoded = new ArrayList<>();
    for (Stage.Part image : images) {
      encoded.add(encode(rendered.take().pixels(), image));
    }
    return encoded;
  }

  private OutputWriter.EncodedPicture encode(Tensor tensor, Stage.Part image) {
    int height = tensor.shape().height();
    int width = tensor.shape().width();
    if (effective.output().format().orElseThrow() == Output.Format.NPY) {
      byte[] file = Npy.write(tensor.values(), tensor.shape().channels(), height, width);
      return new OutputWriter.EncodedPicture(
          new Bytes(file), tensor.shape(), Sha256.of(tensor.values()));
    }
    Pixels pixels = Pixels.ofTensor(tensor.values(), tensor.shape().channels(), height, width);
    return new OutputWriter.EncodedPicture(
        new Bytes(file(pixels, image)), tensor.shape(), pixels.sha256());
  }

  private byte[] file(Pixels pixels, Stage.Part image) {
    List<EmbeddedText> texts = text.entries(image, new Size(pixels.width(), pixels.height()));
    return effective.output().format().orElseThrow() == Output.Format.JPEG
        ? JpegWriter.write(pixels, texts, effective.output().quality().orElseThrow())
        : PngWriter.write(pixels, texts, pngLevel);
  }
}
