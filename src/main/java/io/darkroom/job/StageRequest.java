package io.darkroom.job;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The part of a request for one stage.
 *
 * @param model the package
 * @param prompts the texts
 * @param classLabel a label's name or its index in decimal digits
 * @param source the input from which it starts
 * @param loras adapters of the network
 * @param inputs further inputs of the network, by name
 * @param arguments further arguments of its conditions
 * @param sampling scheduler, steps and their arguments
 */
public record StageRequest(
    ModelRef model,
    Prompts prompts,
    Optional<String> classLabel,
    Source source,
    List<Lora> loras,
    Map<String, ImageRef> inputs,
    ModelArguments arguments,
    Sampling sampling) {
  /** JSON pointer to the picture from which a stage starts. */
  public static final String IMAGE = "/image";

  /** JSON pointer to the mask of the part to replace. */
  public static final String MASK = "/mask_image";

  private static final String INPUTS = "/inputs/";

  public StageRequest {
    loras = List.copyOf(loras);
    inputs = Map.copyOf(inputs);
  }

  /** Creates a request without adapters. */
  public StageRequest(
      ModelRef model,
      Prompts prompts,
      Optional<String> classLabel,
      Source source,
      Map<String, ImageRef> inputs,
      ModelArguments arguments,
      Sampling sampling) {
    this(model, prompts, classLabel, source, List.of(), inputs, arguments, sampling);
  }

  /** Returns the JSON pointer of a further input. */
  public static String inputPointer(String name) {
    return INPUTS + name;
  }

  /**
   * Returns all files that must be read before the stage can begin, by their pointers in the
   * request.
   */
  public Map<String, ImageRef> references() {
    Map<String, ImageRef> references = new LinkedHashMap<>();
    source.image().ifPresent(image -> references.put(IMAGE, image));
    source.mask().ifPresent(mask -> references.put(MASK, mask));
    new TreeMap<>(inputs).forEach((name, ref) -> references.put(inputPointer(name), ref));
    return references;
  }

  /** Returns a copy with references at other addresses, by their pointers. */
  public StageRequest withReferences(Map<String, ImageRef> others) {
    Map<String, ImageRef> moved = new TreeMap<>(inputs);
    moved.replaceAll((name, ref) -> others.getOrDefault(inputPointer(name), ref));
    Source from = others.containsKey(IMAGE) ? source.withImage(others.get(IMAGE)) : source;
    if (others.containsKey(MASK)) {
      from = from.withMask(others.get(MASK));
    }
    return new StageRequest(model, prompts, classLabel, from, loras, moved, arguments, sampling);
  }

  /** Returns a copy with other texts. */
  public StageRequest withPrompts(Prompts other) {
    return new StageRequest(model, other, classLabel, source, loras, inputs, arguments, sampling);
  }

  /** Returns a copy with other arguments. */
  public StageRequest withArguments(ModelArguments other) {
    return new StageRequest(model, prompts, classLabel, source, loras, inputs, other, sampling);
  }

  /** Returns a copy with another source. */
  public StageRequest withSource(Source other) {
    return new StageRequest(model, prompts, classLabel, other, loras, inputs, arguments, sampling);
  }

  /** Returns a copy with another sampling. */
  public StageRequest withSampling(Sampling other) {
    return new StageRequest(model, prompts, classLabel, source, loras, inputs, arguments, other);
  }
}
