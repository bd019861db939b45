package io.darkroom.job;

import java.util.Optional;

/** The texts of a request, for the first and the second text encoder. */
public record Prompts(
    Optional<String> prompt,
    Optional<String> negativePrompt,
    Optional<String> prompt2,
    Optional<String> negativePrompt2) {

  /** No texts at all. */
  public static final Prompts NONE =
      new Prompts(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
