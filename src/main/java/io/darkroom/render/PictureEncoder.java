package io.darkroom.render;

import io.darkroom.image.OutputFormat;
import io.darkroom.image.OutputFormats;
import io.darkroom.job.Fingerprint;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.Size;
import io.darkroom.model.Shape;
import io.darkroom.model.Tensor;
import io.darkroom.plan.RenderPlan;
import io.darkroom.plan.Stage;
import java.util.ArrayList;
import java.util.List;

/** Encodes the images of a job, with the request as text inside where the format allows it. */
final class PictureEncoder {
  private final RenderRequest effective;
  private final OutputFormat format;
  private final PictureText text;
  private final int pngLevel;

  PictureEncoder(RenderPlan plan, Fingerprint fingerprint, int pngLevel) {
    this.effective = plan.effective();
    this.format = OutputFormats.find(effective.output().format().orElseThrow()).orElseThrow();
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
    Shape shape = tensor.shape();
    OutputFormat.Encoded encoded =
        format.encode(
            new OutputFormat.Result(
                tensor.values(),
                shape.channels(),
                shape.height(),
                shape.width(),
                text.entries(image, new Size(shape.width(), shape.height())),
                effective.output().quality(),
                pngLevel));
    return new OutputWriter.EncodedPicture(
        new Bytes(encoded.bytes()), shape, encoded.contentSha256());
  }
}
