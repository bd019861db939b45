package io.darkroom.render;

import io.darkroom.image.EmbeddedText;
import io.darkroom.image.Xmp;
import io.darkroom.job.Fingerprint;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.Size;
import io.darkroom.job.StageRequest;
import io.darkroom.json.ManifestCodec;
import io.darkroom.json.RequestCodec;
import io.darkroom.plan.Stage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Creates the texts of an image: the effective request and the fingerprint as JSON, one line of
 * parameters for image tools, and the XMP packet of generated pictures.
 */
final class PictureText {
  private final RenderRequest effective;
  private final String requestJson;
  private final String fingerprintJson;
  private final ParameterLine line;

  PictureText(RenderRequest effective, Fingerprint fingerprint, Stage first) {
    this.effective = CanonicalRequest.of(effective);
    this.requestJson = new String(RequestCodec.write(this.effective), StandardCharsets.UTF_8);
    this.fingerprintJson = ManifestCodec.text(fingerprint);
    this.line = new ParameterLine(this.effective, first);
  }

  List<EmbeddedText> entries(Stage.Image image, Size size) {
    return List.of(
        EmbeddedText.lenient("parameters", parameters(image, size)),
        EmbeddedText.lenient("darkroom.request", requestJson),
        EmbeddedText.lenient("darkroom.fingerprint", fingerprintJson),
        Xmp.GENERATED);
  }

  private String parameters(Stage.Image image, Size size) {
    List<String> lines = new ArrayList<>();
    StageRequest stage = effective.stage();
    Optional<String> subject = stage.prompts().prompt().or(stage::classLabel);
    subject.ifPresent(lines::add);
    stage
        .prompts()
        .negativePrompt()
        .filter(text -> !text.isEmpty())
        .ifPresent(text -> lines.add("Negative prompt: " + text));
    lines.add(line.of(image, size));
    return String.join("\n", lines);
  }
}
