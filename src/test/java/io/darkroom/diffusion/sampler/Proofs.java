package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.InvalidSampling;

/**
 * Describes in Markdown how each sampler, option and curve is tested; each call measures the errors
 * again.
 */
public final class Proofs {
  private static final String NOTES =
      """
      The samplers are listed by their short names, with the options that change how they step. Columns:

      - **evaluations per step**, **noise draws per step**: the number that each step after the twentieth adds.
      - **golden cases**: trajectories of diffusers 0.40 on PyTorch; the tests compare the first, middle and last state of
        each. **worst error**: the largest absolute error of an element. **share of tolerance**: the same error divided by
        the tolerance of its case.
      - **order**, **measured**: the nominal order of convergence and the measured one, over three halvings of the step.
      - **tested by**: *golden*: compared with diffusers; *restated*: compared with a new implementation of diffusers'
        scheduler in numpy and PyTorch; *closed form* on Gaussian data, whose marginals are known. Samplers that add new
        noise to their estimate (lcm, consistency, stochastic flows, sde_ve) have no order: the tests compare the mean and
        the standard deviation of their results with those of the data.

      """;

  private Proofs() {}

  /** Returns the tables of samplers, options and curves. */
  public static String markdown() throws InvalidSampling {
    return NOTES
        + SamplerProofs.table()
        + "\nOptions, in cases that set them to another value than the default:\n\n"
        + OptionProofs.table()
        + "\n"
        + "Training schedules. Golden tables include the schedule rescaled to zero terminal"
        + " SNR.\n\n"
        + CurveProofs.table();
  }
}
