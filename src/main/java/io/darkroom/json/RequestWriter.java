package io.darkroom.json;

import io.darkroom.diffusion.FeatureCache;
import io.darkroom.diffusion.Steps;
import io.darkroom.job.ImageRef;
import io.darkroom.job.JobOptions;
import io.darkroom.job.Lora;
import io.darkroom.job.ModelArguments;
import io.darkroom.job.Output;
import io.darkroom.job.Prompts;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.Sampling;
import io.darkroom.job.Seeds;
import io.darkroom.job.Source;
import io.darkroom.job.StageRequest;
import io.darkroom.job.Tile;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Converts a request to a message, in the order of the contract's table. */
final class RequestWriter {
  private final Map<String, Object> message = new LinkedHashMap<>();

  private RequestWriter() {}

  static Map<String, Object> tree(RenderRequest request) {
    RequestWriter writer = new RequestWriter();
    writer.message.put("id", request.id().value());
    writer.stage(request.stage());
    writer.then(request.then());
    writer.seeds(request.seeds());
    writer.output(request.output());
    writer.options(request.options());
    return Collections.unmodifiableMap(writer.message);
  }

  private void then(List<StageRequest> stages) {
    if (!stages.isEmpty()) {
      message.put("then", stages.stream().map(RequestWriter::tree).toList());
    }
  }

  private static Map<String, Object> tree(StageRequest stage) {
    RequestWriter writer = new RequestWriter();
    writer.stage(stage);
    return Collections.unmodifiableMap(writer.message);
  }

  private void stage(StageRequest stage) {
    message.put("kind", stage.source().kind());
    message.put("model", stage.model().toString());
    prompts(stage.prompts());
    put("class_label", stage.classLabel());
    source(stage.source());
    if (!stage.loras().isEmpty()) {
      message.put("loras", stage.loras().stream().map(RequestWriter::lora).toList());
    }
    Map<String, Object> inputs = new LinkedHashMap<>();
    new TreeMap<>(stage.inputs()).forEach((name, ref) -> inputs.put(name, image(ref)));
    putUnlessEmpty("inputs", inputs);
    for (String field : ModelArguments.FIELDS) {
      put(field, Optional.ofNullable(stage.arguments().values().get(field)));
    }
    sampling(stage.sampling());
  }

  private static Map<String, Object> lora(Lora lora) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("model", lora.model());
    tree.put("scale", lora.scale());
    return tree;
  }

  private void source(Source source) {
    put("width", source.size().map(size -> size.width()));
    put("height", source.size().map(size -> size.height()));
    put("image", source.image().map(RequestWriter::image));
    put("mask_image", source.mask().map(RequestWriter::image));
    put("strength", source.strength());
    put("resize", source.resize().map(way -> way.name().toLowerCase(Locale.ROOT)));
    if (source instanceof Source.Latents latents) {
      message.put("denoising_start", latents.denoisingStart());
    }
    put("noise_level", source.noiseLevel());
    put("tile", source.tile().map(RequestWriter::tile));
  }

  private static Map<String, Object> tile(Tile tile) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("size", tile.size());
    map.put("overlap", tile.overlap());
    return map;
  }

  private static Map<String, Object> cache(FeatureCache cache) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("interval", cache.interval());
    map.put("depth", cache.depth());
    return map;
  }

  private void prompts(Prompts prompts) {
    for (String field : Prompts.FIELDS) {
      put(field, prompts.text(field));
    }
  }

  private static Map<String, Object> image(ImageRef image) {
    if (image instanceof ImageRef.Inline inline) {
      return Map.of("data", inline.base64());
    }
    ImageRef.Stored stored = (ImageRef.Stored) image;
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("uri", stored.uri());
    stored.sha256().ifPresent(sha256 -> map.put("sha256", sha256));
    return map;
  }

  private void sampling(Sampling sampling) {
    put("guidance_scale", sampling.guidanceScale());
    put("guidance_rescale", sampling.guidanceRescale());
    put(
        "guidance_interval",
        sampling.guidanceInterval().map(each -> List.of(each.from(), each.to())));
    put("cache", sampling.cache().map(RequestWriter::cache));
    sampling.steps().ifPresent(this::steps);
    putUnlessEmpty("scheduler", new TreeMap<>(sampling.scheduler()));
    for (String name : Sampling.ARGUMENTS) {
      put(name, Optional.ofNullable(sampling.arguments().get(name)));
    }
    putUnlessEmpty("noise_schedule", new TreeMap<>(sampling.noiseSchedule()));
    put("denoising_end", sampling.denoisingEnd());
  }

  private void steps(Steps steps) {
    if (steps instanceof Steps.Count count) {
      message.put("num_inference_steps", count.steps());
    } else if (steps instanceof Steps.Timesteps list) {
      message.put("timesteps", list.timesteps());
    } else if (steps instanceof Steps.Sigmas list) {
      message.put("sigmas", list.sigmas());
    }
  }

  private void seeds(Seeds seeds) {
    put("seed", seeds.seed().map(SeedJson::write));
    if (!seeds.seeds().isEmpty()) {
      message.put("seeds", seeds.seeds().stream().map(SeedJson::write).toList());
    }
    message.put("seed_mode", seeds.mode().name().toLowerCase(Locale.ROOT));
    message.put("generator", seeds.generator());
    message.put("num_images", seeds.numImages());
  }

  private void output(Output output) {
    Map<String, Object> map = new LinkedHashMap<>();
    output.prefix().ifPresent(prefix -> map.put("prefix", prefix));
    output.format().ifPresent(format -> map.put("format", format));
    output.quality().ifPresent(quality -> map.put("quality", quality));
    output.bits().ifPresent(bits -> map.put("bits", bits));
    map.put("keep_intermediate", output.keepIntermediate());
    message.put("output", map);
  }

  private void options(JobOptions options) {
    put("preview_every", options.previewEvery());
    message.put("render", options.always() ? "always" : "reuse");
    message.put("priority", options.priority());
    put("deadline", options.deadline().map(Object::toString));
    putUnlessEmpty("metadata", options.metadata());
  }

  private void put(String name, Optional<?> value) {
    value.ifPresent(present -> message.put(name, present));
  }

  private void put(String name, OptionalDouble value) {
    value.ifPresent(present -> message.put(name, present));
  }

  private void put(String name, OptionalInt value) {
    value.ifPresent(present -> message.put(name, present));
  }

  private void putUnlessEmpty(String name, Map<String, Object> map) {
    if (!map.isEmpty()) {
      message.put(name, map);
    }
  }
}
