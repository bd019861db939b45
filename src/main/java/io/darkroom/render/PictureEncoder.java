package io.darkroom.render;

import io.darkroom.image.Carried;
import io.darkroom.image.Medium;
import io.darkroom.image.OutputFormat;
import io.darkroom.image.OutputFormats;
import io.darkroom.image.SampleRange;
import io.darkroom.job.Fingerprint;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.Size;
import io.darkroom.job.StageRequest;
import io.darkroom.model.Shape;
import io.darkroom.model.Tensor;
import io.darkroom.plan.RenderPlan;
import io.darkroom.plan.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Encodes the images of a job. The files contain the request as text if their format supports it.
 */
final class PictureEncoder {
  private final RenderRequest effective;
  private final OutputFormat format;
  private final Optional<OutputFormat> animation;
  private final Medium medium;
  private final Size result;
  private final Shape resultShape;
  private final Carried carried;
  private final PictureText text;
  private final int pngLevel;
  private final Optional<SampleRange> restored;
  private final SourceDetails source;

  /**
   * @param stage stage whose results are encoded
   * @param source what the results take from the picture that they enlarge
   */
  PictureEncoder(
      RenderPlan plan, Stage stage, Fingerprint fingerprint, int pngLevel, SourceDetails source) {
    this.effective = plan.effective();
    this.format = OutputFormats.find(effective.output().format().orElseThrow()).orElseThrow();
    this.medium = plan.medium(stage);
    this.result = stage.result();
    this.resultShape = stage.model().resultShape(result);
    this.animation =
        format
            .animation(medium)
            .flatMap(OutputFormats::find)
            .filter(each -> each.holds(medium, resultShape.channels()));
    this.restored = medium.equals(stage.model().medium()) ? Optional.empty() : source.range();
    this.source = source;
    this.carried = source.carried(format, medium, resultShape);
    this.text = new PictureText(effective, fingerprint, plan.first());
    this.pngLevel = pngLevel;
  }

  /** Returns the warnings about the picture that is enlarged. */
  List<String> warnings() {
    return source.warnings(StageRequest.IMAGE, format, medium, resultShape);
  }

  /**
   * Encodes each image.
   *
   * @param pictures supplies the images one by one, so that an image can be released when its file
   *     is encoded
   */
  List<OutputWriter.EncodedPicture> encode(Supplier<Tensor> pictures, List<Stage.Image> images) {
    List<OutputWriter.EncodedPicture> encoded = new ArrayList<>();
    for (Stage.Image image : images) {
      encoded.add(encode(pictures.get(), image));
    }
    return encoded;
  }

  private OutputWriter.EncodedPicture encode(Tensor tensor, Stage.Image image) {
    OutputFormat.Result finished =
        new OutputFormat.Result(
            restored.map(range -> range.restore(tensor.values())).orElseGet(tensor::values),
            tensor.shape().sizes(),
            medium,
            text.entries(image, result),
            effective.output().quality(),
            effective.output().bits(),
            pngLevel,
            carried);
    OutputFormat.Encoded encoded = format.encode(finished);
    return new OutputWriter.EncodedPicture(
        new Bytes(encoded.bytes()),
        new Shape(finished.storedShape()),
        encoded.contentSha256(),
        animation.map(each -> new Bytes(each.encode(finished).bytes())));
  }
}
