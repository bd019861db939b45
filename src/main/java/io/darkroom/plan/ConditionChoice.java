package io.darkroom.plan;

import io.darkroom.diffusion.Guidance;
import io.darkroom.job.Prompts;
import io.darkroom.job.RenderRequest.Generate;
import io.darkroom.job.RenderRequest.Upscale;
import io.darkroom.job.Sampling;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the network is told, and whether guidance is on.
 *
 * @param prompts effective texts
 * @param classLabel effective label
 */
record ConditionChoice(
    Condition condition, Guidance guidance, Prompts prompts, Optional<String> classLabel) {

  private static final String NO_GUIDANCE = "must be 1 or less for %s, which knows no guidance";

  static ConditionChoice generate(Generate request, ModelCard card, Violations violations) {
    if (card.layout() instanceof ModelCard.Layout.TextToImage) {
      return text(request, card, violations);
    }
    refuseTexts(request.prompts(), card, violations);
    Optional<ModelCard.Classes> classes =
        card.layout() instanceof ModelCard.Layout.PixelImages pixels
            ? pixels.classes()
            : Optional.empty();
    return classes.isPresent()
        ? labelled(request, card, classes.get(), violations)
        : unconditional(request, card, violations);
  }

  static ConditionChoice upscale(Upscale request, ModelCard card, Violations violations) {
    int level = request.noiseLevel().orElse(0);
    int most =
        card.layout() instanceof ModelCard.Layout.SuperResolution sr ? sr.maxNoiseLevel() : 0;
    violations.check(
        level <= most,
        "/noise_level",
        "must be 0 to " + most + " for " + card.name() + ", is " + level);
    refuseTexts(request.prompts(), card, violations);
    refuseGuidance(request.sampling(), card, violations);
    return new ConditionChoice(
        new Condition.LowResolution(level), Guidance.NONE, request.prompts(), Optional.empty());
  }

  /** Each text at its own place. */
  private static void refuseTexts(Prompts prompts, ModelCard card, Violations violations) {
    String rule = "must be left out: " + card.name() + " reads no texts";
    violations.check(prompts.prompt().isEmpty(), "/prompt", rule);
    violations.check(prompts.negativePrompt().isEmpty(), "/negative_prompt", rule);
    violations.check(prompts.prompt2().isEmpty(), "/prompt_2", rule);
    violations.check(prompts.negativePrompt2().isEmpty(), "/negative_prompt_2", rule);
  }

  private static ConditionChoice text(Generate request, ModelCard card, Violations violations) {
    violations.check(
        request.prompts().prompt().isPresent(), "/prompt", "is required for " + card.name());
    String second = "is not supported by this worker";
    violations.check(request.prompts().prompt2().isEmpty(), "/prompt_2", second);
    violations.check(request.prompts().negativePrompt2().isEmpty(), "/negative_prompt_2", second);
    violations.check(
        request.classLabel().isEmpty(),
        "/class_label",
        "must be left out: " + card.name() + " has no classes");
    String prompt = request.prompts().prompt().orElse("");
    String negative = request.prompts().negativePrompt().orElse("");
    Prompts effective =
        new Prompts(Optional.of(prompt), Optional.of(negative), Optional.empty(), Optional.empty());
    Guidance guidance = guidance(request.sampling(), card);
    return new ConditionChoice(
        new Condition.Text(prompt, negative), guidance, effective, Optional.empty());
  }

  private static ConditionChoice labelled(
      Generate request, ModelCard card, ModelCard.Classes classes, Violations violations) {
    OptionalInt nullLabel = classes.nullLabel();
    if (nullLabel.isEmpty()) {
      refuseGuidance(request.sampling(), card, violations);
    }
    int label =
        request
            .classLabel()
            .map(name -> index(name, classes, card, violations))
            .orElseGet(() -> noLabel(card, nullLabel, violations));
    Guidance guidance =
        nullLabel.isEmpty() || request.classLabel().isEmpty()
            ? Guidance.NONE
            : guidance(request.sampling(), card);
    return new ConditionChoice(
        new Condition.Label(label, nullLabel), guidance, request.prompts(), request.classLabel());
  }

  private static int noLabel(ModelCard card, OptionalInt nullLabel, Violations violations) {
    violations.check(nullLabel.isPresent(), "/class_label", "is required for " + card.name());
    return nullLabel.orElse(0);
  }

  private static int index(
      String name, ModelCard.Classes classes, ModelCard card, Violations violations) {
    Integer index = classes.indices().get(name);
    if (index == null && name.matches("[0-9]{1,9}")) {
      index = Integer.parseInt(name);
    }
    if (index == null || index >= classes.count()) {
      violations.add(
          "/class_label",
          "must be a label of " + card.name() + " or 0 to " + (classes.count() - 1));
      return 0;
    }
    return index;
  }

  private static ConditionChoice unconditional(
      Generate request, ModelCard card, Violations violations) {
    violations.check(
        request.classLabel().isEmpty(),
        "/class_label",
        "must be left out: " + card.name() + " has no classes");
    refuseGuidance(request.sampling(), card, violations);
    return new ConditionChoice(
        new Condition.None(), Guidance.NONE, request.prompts(), Optional.empty());
  }

  private static void refuseGuidance(Sampling sampling, ModelCard card, Violations violations) {
    violations.check(
        sampling.guidanceScale().orElse(1) <= 1,
        "/guidance_scale",
        NO_GUIDANCE.formatted(card.name()));
  }

  private static Guidance guidance(Sampling sampling, ModelCard card) {
    double scale = sampling.guidanceScale().orElse(card.defaults().guidanceScale().orElse(1));
    return new Guidance(scale, sampling.guidanceRescale().orElse(0));
  }
}
