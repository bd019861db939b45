package io.darkroom.diffusion;

import java.util.List;

/** How the levels of a render are asked for. */
public sealed interface Steps {

  /** As many steps, placed by the scheduler's spacing. */
  record Count(int steps) implements Steps {}

  /** Steps at these training timesteps, falling. */
  record Timesteps(List<Double> timesteps) implements Steps {
    public Timesteps {
      timesteps = List.copyOf(timesteps);
    }
  }

  /** Steps at these noise-to-signal ratios, falling. */
  record Sigmas(List<Double> sigmas) implements Steps {
    public Sigmas {
      sigmas = List.copyOf(sigmas);
    }
  }
}
