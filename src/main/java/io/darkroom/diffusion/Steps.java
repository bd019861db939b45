package io.darkroom.diffusion;

import java.util.List;

/** How a request specifies the steps of a render. */
public sealed interface Steps {

  /** Returns the number of steps. */
  int count();

  /** A number of steps, placed by the scheduler's spacing. */
  record Count(int steps) implements Steps {
    @Override
    public int count() {
      return steps;
    }
  }

  /** Steps at these training timesteps, decreasing. */
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
   * Steps at these noise-to-signal ratios, decreasing. The list may include the final 0 or leave it
   * out.
   */
  record Sigmas(List<Double> sigmas) implements Steps {
    public Sigmas {
      sigmas = List.copyOf(sigmas);
    }

    @Override
    public int count() {
      return beginnings().length;
    }

    /** Returns the sigmas at which steps begin: the list without a final 0. */
    public double[] beginnings() {
      return sigmas.stream().filter(sigma -> sigma != 0).mapToDouble(sigma -> sigma).toArray();
    }

    /** Returns whether the list includes the final 0. */
    public boolean closed() {
      return sigmas.get(sigmas.size() - 1) == 0;
    }
  }
}
