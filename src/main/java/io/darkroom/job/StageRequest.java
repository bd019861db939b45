package io.darkroom.job;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a request asks of one network.
 *
 * @param model the package
 * @param prompts texts, all empty where none is given
 * @param classLabel a label's name or its index in decimal digits
 * @param source what it starts from
 * @param inputs further inputs of the network, by name
 * @param sampling scheduler, steps and their arguments
 */
public record StageRequest(
    ModelRef model,
    Prompts prompts,
    Optional<String> classLabel,
    Source source,
    Map<String, ImageRef> inputs,
    Sampling sampling) {
  /** The pointer of the picture that a stage starts from. */
  public static final String IMAGE = "/image";

  /** The pointer of the picture that says where the other one is painted anew. */
  public static final String MASK = "/mask_image";

  private static final String INPUTS = "/inputs/";

  public StageRequest {
    inputs = Map.copyOf(inputs);
  }

  /** The pointer of a further input. */
  public static String inputPointer(String name) {
    return INPUTS + name;
  }

  /** Everything that is read before it can begin, by its pointer in the request. */
  public Map<String, ImageRef> references() {
    Map<String, ImageRef> references = new LinkedHashMap<>();
    source.image().ifPresent(image -> references.put(IMAGE, image));
    if (source instanceof Source.Image image) {
      image.mask().ifPresent(mask -> references.put(MASK, mask));
    }
    new TreeMap<>(inputs).forEach((name, ref) -> references.put(inputPointer(name), ref));
    return references;
  }

  /** The same stage with references at other addresses, by their pointers. */
  public StageRequest withReferences(Map<String, ImageRef> others) {
    Map<String, ImageRef> moved = new TreeMap<>(inputs);
    moved.replaceAll((name, ref) -> others.getOrDefault(inputPointer(name), ref));
    Source from = others.containsKey(IMAGE) ? source.withImage(others.get(IMAGE)) : source;
    if (from instanceof Source.Image image && others.containsKey(MASK)) {
      from = image.withMask(others.get(MASK));
    }
    return new StageRequest(model, prompts, classLabel, from, moved, sampling);
  }

  /** The same stage with other texts. */
  public StageRequest withPrompts(Prompts other) {
    return new StageRequest(model, other, classLabel, source, inputs, sampling);
  }

  /** The same stage from another source. */
  public StageRequest withSource(Source other) {
    return new StageRequest(model, prompts, classLabel, other, inputs, sampling);
  }

  /** The same stage with another sampling. */
  public StageRequest withSampling(Sampling other) {
    return new StageRequest(model, prompts, classLabel, source, inputs, other);
  }
}
