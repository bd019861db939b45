package io.darkroom.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.darkroom.diffusion.Steps;
import io.darkroom.job.ImageRef;
import io.darkroom.job.JobId;
import io.darkroom.job.JobOptions;
import io.darkroom.job.ModelRef;
import io.darkroom.job.Output;
import io.darkroom.job.Prompts;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.Resize;
import io.darkroom.job.Sampling;
import io.darkroom.job.Seeds;
import io.darkroom.job.Size;
import io.darkroom.job.Source;
import io.darkroom.job.StageRequest;
import io.darkroom.job.Tile;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** From a message that keeps to the schema and the rules to the request that it means. */
final class RequestReader {
  private static final JsonNode NOTHING = JsonNodeFactory.instance.objectNode();
  private static final String PIN = "@sha256:";
  private static final int MEDIUM = 5;

  private final JsonNode request;

  RequestReader(JsonNode request) {
    this.request = request;
  }

  RenderRequest read() {
    return new RenderRequest(
        new JobId(request.path("id").textValue()), stage(), seeds(), output(), options());
  }

  private StageRequest stage() {
    boolean enlarges = request.path("kind").textValue().equals("upscale");
    return new StageRequest(
        model(),
        prompts(),
        at("class_label").map(RequestReader::label),
        enlarges ? enlarge() : start(),
        inputs(),
        sampling());
  }

  private Source start() {
    Optional<Size> size =
        at("width").map(w -> new Size(integer(w), integer(request.path("height"))));
    if (at("image").isEmpty()) {
      return new Source.Nothing(size);
    }
    return new Source.Image(
        image(request.path("image")),
        at("mask_image").map(RequestReader::image),
        decimal("strength"),
        size,
        at("resize").map(way -> Resize.valueOf(way.textValue().toUpperCase(Locale.ROOT))));
  }

  private Source enlarge() {
    return new Source.Enlarge(
        image(request.path("image")),
        at("noise_level").map(RequestReader::integer),
        at("tile").map(t -> new Tile(integer(t.path("size")), integer(t.path("overlap")))));
  }

  private Map<String, ImageRef> inputs() {
    Map<String, ImageRef> inputs = new HashMap<>();
    request
        .path("inputs")
        .properties()
        .forEach(input -> inputs.put(input.getKey(), image(input.getValue())));
    return inputs;
  }

  /** An integer may be written as 1.0 or 1e2, as everywhere in a request. */
  private static String label(JsonNode label) {
    return label.isNumber()
        ? label.decimalValue().toBigIntegerExact().toString()
        : label.textValue();
  }

  private ModelRef model() {
    String text = request.path("model").textValue();
    int pin = text.indexOf(PIN);
    return pin < 0
        ? new ModelRef(text, Optional.empty())
        : new ModelRef(text.substring(0, pin), Optional.of(text.substring(pin + PIN.length())));
  }

  private Prompts prompts() {
    return new Prompts(
        text(request, "prompt"),
        text(request, "negative_prompt"),
        text(request, "prompt_2"),
        text(request, "negative_prompt_2"));
  }

  private static ImageRef image(JsonNode image) {
    return text(image, "data")
        .<ImageRef>map(ImageRef.Inline::new)
        .orElseGet(() -> new ImageRef.Stored(image.path("uri").textValue(), text(image, "sha256")));
  }

  private Sampling sampling() {
    return new Sampling(
        steps(),
        JsonValues.configuration(at("scheduler").orElse(NOTHING)),
        decimal("guidance_scale"),
        decimal("guidance_rescale"),
        arguments(),
        JsonValues.configuration(at("noise_schedule").orElse(NOTHING)));
  }

  private Map<String, Object> arguments() {
    Map<String, Object> given = new HashMap<>();
    for (String name : Sampling.ARGUMENTS) {
      at(name).ifPresent(value -> given.put(name, argument(value)));
    }
    return given;
  }

  private static Object argument(JsonNode value) {
    if (value.isNumber()) {
      return value.isInt() ? (Object) value.intValue() : (Object) value.doubleValue();
    }
    return value.isBoolean() ? (Object) value.booleanValue() : value.textValue();
  }

  private Optional<Steps> steps() {
    Optional<Steps> count = at("num_inference_steps").map(n -> new Steps.Count(integer(n)));
    return count
        .or(() -> at("timesteps").map(list -> new Steps.Timesteps(decimals(list))))
        .or(() -> at("sigmas").map(list -> new Steps.Sigmas(decimals(list))));
  }

  private Seeds seeds() {
    List<Long> seeds = elements(request.path("seeds")).map(SeedJson::read).toList();
    return new Seeds(
        at("seed").map(SeedJson::read),
        seeds,
        Seeds.Mode.valueOf(named(request, "seed_mode", "image")),
        text(request, "generator").orElse("torch_cpu"),
        at("num_images").map(RequestReader::integer).orElse(Math.max(1, seeds.size())));
  }

  private Output output() {
    JsonNode output = request.path("output");
    return new Output(
        text(output, "prefix"),
        text(output, "format"),
        whole(output, "quality"),
        output.path("keep_intermediate").asBoolean(false));
  }

  private JobOptions options() {
    return new JobOptions(
        at("priority").map(RequestReader::integer).orElse(MEDIUM),
        text(request, "deadline").map(RequestRules::time),
        whole(request, "preview_every"),
        named(request, "render", "reuse").equals("ALWAYS"),
        JsonValues.exact(at("metadata").orElse(NOTHING)));
  }

  private Optional<JsonNode> at(String name) {
    return Optional.ofNullable(request.get(name));
  }

  private static Optional<String> text(JsonNode object, String name) {
    return Optional.ofNullable(object.path(name).textValue());
  }

  private static String named(JsonNode object, String name, String otherwise) {
    return text(object, name).orElse(otherwise).toUpperCase(Locale.ROOT);
  }

  private OptionalDouble decimal(String name) {
    return at(name).stream().mapToDouble(JsonNode::doubleValue).findFirst();
  }

  private static OptionalInt whole(JsonNode object, String name) {
    return object.has(name) ? OptionalInt.of(integer(object.path(name))) : OptionalInt.empty();
  }

  /** 20 may be written 20.0 or 2e1: an integer in JSON Schema is a number without fraction. */
  private static int integer(JsonNode number) {
    return number.decimalValue().intValueExact();
  }

  private static List<Double> decimals(JsonNode array) {
    return elements(array).map(JsonNode::doubleValue).toList();
  }

  private static Stream<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }
}
