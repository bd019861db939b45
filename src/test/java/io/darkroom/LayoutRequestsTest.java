package io.darkroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.engine.EngineObserver;
import io.darkroom.image.Pixels;
import io.darkroom.image.PngWriter;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.Size;
import io.darkroom.job.Source;
import io.darkroom.job.Violation;
import io.darkroom.model.DeviceCost;
import io.darkroom.onnx.PackageReader;
import io.darkroom.plan.InputFacts;
import io.darkroom.plan.InvalidPlan;
import io.darkroom.plan.Limits;
import io.darkroom.plan.Planner;
import io.darkroom.plan.RenderPlan;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests required fields and defaults of requests for the layouts of packages. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LayoutRequestsTest {
  private static final String IMAGE = image(32);

  private DirectEngine directEngine;

  @BeforeAll
  void open() throws Exception {
    List<String> names = List.of("inpaint-mini", "lcm-mini", "sd-upscale-mini", "ldm-sr-mini");
    Path[] folders = names.stream().map(GoldenPackages::folder).toArray(Path[]::new);
    directEngine = new DirectEngine(4, EngineObserver.NONE, folders);
  }

  @AfterAll
  void close() {
    directEngine.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
"""
inpaint-mini    | 'prompt':'a'                          | /image: is required for inpaint-mini, which is an inpainting model
inpaint-mini    | 'prompt':'a','image':IMAGE            | /mask_image: is required for inpaint-mini, which is an inpainting model
lcm-mini        | 'prompt':'a','negative_prompt':'b'    | /negative_prompt: must be left out for lcm-mini, which takes guidance_scale as an input of the network
lcm-mini        | 'prompt':'a','guidance_rescale':0.5   | /guidance_rescale: must be 0 for lcm-mini, which takes guidance_scale as an input of the network
sd-upscale-mini | 'prompt':'a','image':IMAGE,'noise_level':351 | /noise_level: must be 0 to 350 for sd-upscale-mini, is 351
ldm-sr-mini     | 'image':IMAGE,'noise_level':1         | /noise_level: must be 0 for ldm-sr-mini
""")
  void fieldsAreChecked(String model, String fields, String violation) {
    String pointer = violation.substring(0, violation.indexOf(':'));
    String message = violation.substring(pointer.length() + 2);
    assertThatThrownBy(
            () ->
                directEngine.submit(
                    directEngine.request(request(model, fields)), OptionalLong.empty()))
        .hasMessageContaining("pointer=" + pointer)
        .hasMessageContaining("message=" + message + "]");
  }

  @Test
  void aTransformerRejectsMorePatchesThanItHasPositions() throws Exception {
    String largest = "'prompt':'a','width':96,'height':96";
    assertThat(plan("sd3-mini", largest).first().result()).isEqualTo(new Size(96, 96));
    assertThatThrownBy(() -> plan("sd3-mini", "'prompt':'a','width':100,'height':96"))
        .isInstanceOfSatisfying(
            InvalidPlan.class,
            invalid ->
                assertThat(invalid.violations())
                    .containsExactly(
                        new Violation("/width", "must be at most 96 for sd3-mini, is 100")));
  }

  @Test
  void guidanceAsAnInputNeedsOneRow() throws Exception {
    RenderPlan plan = plan("lcm-mini", "'prompt':'a','num_inference_steps':4");
    assertThat(plan.first().rows()).isEqualTo(4);
    assertThat(plan.effective().stage().sampling().guidanceScale()).hasValue(8.5);
    RenderPlan other = plan("lcm-mini", "'prompt':'a','guidance_scale':3");
    assertThat(other.effective().stage().sampling().guidanceScale()).hasValue(3);
  }

  @Test
  void theUpscalersNoiseLevelIsDiffusersDefault() throws Exception {
    RenderPlan plan = plan("sd-upscale-mini", "'prompt':'a','image':IMAGE");
    assertThat(plan.effective().stage().source())
        .isInstanceOfSatisfying(
            Source.Enlarge.class, source -> assertThat(source.noiseLevel()).hasValue(20));
  }

  private RenderPlan plan(String model, String fields) throws Exception {
    Planner planner = new Planner(new Limits(1 << 20, 100, 4, Long.MAX_VALUE));
    RenderRequest request = directEngine.request(request(model, fields));
    Map<String, InputFacts> inputs = new HashMap<>();
    for (String pointer : request.stage().references().keySet()) {
      inputs.put(pointer, new InputFacts(new Size(32, 32), 0));
    }
    return planner
        .draft(request, PackageReader.read(GoldenPackages.folder(model)).card())
        .complete(inputs, DeviceCost.NONE);
  }

  private static String request(String model, String fields) {
    boolean enlarges = model.contains("upscale") || model.contains("-sr-");
    return "{'id':'a','kind':'%s','model':'%s',%s}"
        .formatted(enlarges ? "upscale" : "generate", model, fields)
        .replace('\'', '"')
        .replace("IMAGE", IMAGE);
  }

  private static String image(int side) {
    byte[] file =
        PngWriter.write(new Pixels(side, side, 3, new byte[side * side * 3]), List.of(), 1);
    return "{\"data\": \"" + Base64.getEncoder().encodeToString(file) + "\"}";
  }
}
