package io.darkroom.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.darkroom.diffusion.FeatureCache;
import io.darkroom.diffusion.Guidance;
import io.darkroom.diffusion.Steps;
import io.darkroom.job.ImageRef;
import io.darkroom.job.JobId;
import io.darkroom.job.JobOptions;
import io.darkroom.job.Lora;
import io.darkroom.job.ModelArguments;
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
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Converts a message that conforms to the schema and the rules to a request. */
final class RequestReader {
  private static final JsonNode NOTHING = JsonNodeFactory.instance.objectNode();
  private static final String PIN = "@sha256:";
  private static final int MEDIUM = 5;

  private final JsonNode request;

  RequestReader(JsonNode request) {
    this.request = request;
  }

  RenderRequest read() {
    List<StageRequest> then =
        elements(request.path("then")).map(node -> new RequestReader(node).stage()).toList();
    return new RenderRequest(
        new JobId(request.path("id").textValue()), stage(), then, seeds(), output(), options());
  }

  private StageRequest stage() {
    boolean enlarges = request.path("kind").textValue().equals("upscale");
    return new StageRequest(
        model(),
        prompts(),
        at("class_label").map(RequestReader::label),
        enlarges ? enlarge() : start(),
        elements(request.path("loras")).map(RequestReader::lora).toList(),
        inputs(),
        modelArguments(),
        sampling());
  }

  private static Lora lora(JsonNode lora) {
    JsonNode scale = lora.path("scale");
    return new Lora(lora.path("model").textValue(), scale.isNumber() ? scale.doubleValue() : 1);
  }

  private Source start() {
    if (at("denoising_start").isPresent()) {
      return new Source.Latents(request.path("denoising_start").doubleValue());
    }
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
        at("image").map(RequestReader::image),
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

  /** Returns a class label. As everywhere in a request, an integer can be written as 1.0 or 1e2. */
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
    Map<String, String> texts = new HashMap<>();
    for (String field : Prompts.FIELDS) {
      text(request, field).ifPresent(text -> texts.put(field, text));
    }
    return new Prompts(texts);
  }

  private ModelArguments modelArguments() {
    Map<String, Object> values = new HashMap<>();
    for (String field : ModelArguments.FIELDS) {
      at(field).ifPresent(value -> values.put(field, argument(value)));
    }
    return new ModelArguments(values);
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
        JsonValues.configuration(at("noise_schedule").orElse(NOTHING)),
        decimal("denoising_end"),
        at("guidance_interval").map(RequestReader::interval),
        at("cache").map(RequestReader::cache));
  }

  private static FeatureCache cache(JsonNode cache) {
    return new FeatureCache(
        integer(cache.path("interval")), whole(cache, "depth").orElse(FeatureCache.DEPTH));
  }

  private static Guidance.Interval interval(JsonNode pair) {
    return new Guidance.Interval(pair.path(0).doubleValue(), pair.path(1).doubleValue());
  }

  private Map<String, Object> arguments() {
    Map<String, Object> given = new HashMap<>();
    for (String name : Sampling.ARGUMENTS) {
      at(name).ifPresent(value -> given.put(name, argument(value)));
    }
    return given;
  }

  private static Object argument(JsonNode value) {
    if (value.isArray()) {
      return elements(value).map(RequestReader::integer).toList();
    }
    if (value.isObject()) {
      Map<String, Integer> integers = new TreeMap<>();
      value.properties().forEach(each -> integers.put(each.getKey(), integer(each.getValue())));
      return Collections.unmodifiableMap(integers);
    }
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
        whole(output, "bits"),
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

  /**
   * Returns an integer, which can be written as 20.0 or 2e1: in JSON Schema an integer is a number
   * without a fraction.
   */
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
