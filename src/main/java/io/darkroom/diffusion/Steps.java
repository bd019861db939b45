package io.darkroom.diffusion;

import java.util.List;

/** How the levels of a render are asked for. */
public sealed interface Steps {

  /** How many steps are asked for. */
  int count();

  /** As many steps, placed by the scheduler's spacing. */
  record Count(int steps) implements Steps {
    @Override
    public int count() {
      return steps;
    }
  }

  /** Steps at these training timesteps, falling. */
  record Timesteps(List<Double> timesteps) implements Steps {
    public Timesteps {
      timesteps = List.copyOf(timesteps);
    }

    @Override
    public int count() {
      return timesteps.size();
    }
  }

  /**
   * Steps at these noise-to-signal ratios, falling. The 0 at which the last step ends may stand at
   * the end of the list or not.
   */
  record Sigmas(List<Double> sigmas) implements Steps {
    public Sigmas {
      sigmas = List.copyOf(sigmas);
    }

    @Override
    public int count() {
      return beginnings().length;
    }

    /** Where the steps begin: the list without a closing 0. */
    public double[] beginnings() {
      return sigmas.stream().filter(sigma -> sigma != 0).mapToDouble(sigma -> sigma).toArray();
    }

    /** Whether the list says that the last step ends at 0. */
    public boolean closed() {
      return sigmas.get(sigmas.size() - 1) == 0;
    }
  }
}
