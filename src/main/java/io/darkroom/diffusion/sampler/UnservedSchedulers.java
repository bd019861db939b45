package io.darkroom.diffusion.sampler;

import java.util.Map;
import java.util.Optional;

/** Schedulers of diffusers 0.40 that have no sampler here, with the reason. */
final class UnservedSchedulers {
  private static final String TOKENS = "it draws tokens, not noise";
  private static final String VIDEO = "it belongs to a video pipeline";
  private static final String INVERSE = "it goes from an image to noise";
  private static final String FLAX = "Flax";
  private static final Map<String, String> REASONS =
      Map.ofEntries(
          Map.entry("AmusedScheduler", TOKENS),
          Map.entry("BlockRefinementScheduler", TOKENS),
          Map.entry("VQDiffusionScheduler", TOKENS),
          Map.entry("CogVideoXDDIMScheduler", VIDEO),
          Map.entry("CogVideoXDPMScheduler", VIDEO),
          Map.entry("HeliosScheduler", VIDEO),
          Map.entry("HeliosDMDScheduler", VIDEO),
          Map.entry("LTXEulerAncestralRFScheduler", VIDEO),
          Map.entry("DDIMInverseScheduler", INVERSE),
          Map.entry("DPMSolverMultistepInverseScheduler", INVERSE),
          Map.entry("ConsistencyDecoderScheduler", "it is part of a decoder of latents"),
          Map.entry("DDPMWuerstchenScheduler", "it belongs to the Würstchen pipeline"),
          Map.entry("FlowMatchLCMScheduler", "use flow_euler with stochastic_sampling"),
          Map.entry("KarrasVeScheduler", "diffusers has deprecated it; use edm_euler"),
          Map.entry("SCMScheduler", "it belongs to the SANA-Sprint pipeline"),
          Map.entry("ScoreSdeVpScheduler", "diffusers has deprecated it; use ddpm"),
          Map.entry("UnCLIPScheduler", "it belongs to the unCLIP pipeline"));

  private UnservedSchedulers() {}

  /** Returns why there is no sampler for this class name; empty if the class name is unknown. */
  static Optional<String> reason(String className) {
    if (className.startsWith(FLAX)) {
      return Optional.of("use the class of PyTorch, " + className.substring(FLAX.length()));
    }
    return Optional.ofNullable(REASONS.get(className));
  }
}
