package io.darkroom.diffusion;

/** What is proven of the mathematics, measured when it is asked for, in Markdown. */
public final class Proofs {
  private static final String NOTES =
      """
      *Golden*: trajectories of diffusers 0.40 on PyTorch, first, middle and last state of each; the worst error of an
      element is absolute and as a share of the tolerance that the case states. *Restated*: the same, where the reference is
      the text of diffusers' scheduler written anew in numpy and PyTorch. *Closed form*: on Gaussian data, whose every
      marginal is known, the error falls with the order over three halvings of the step; samplers that noise their estimate
      afresh (lcm, consistency, stochastic flows, sde_ve) have no order, and are held to the data's mean and deviation. Asks
      and draws are those that each step past the twentieth adds. Sampler names are the short names of requests, each with
      the options that make it another way to step.

      """;

  private Proofs() {}

  /** The tables of samplers, options and curves. */
  public static String markdown() throws InvalidSampling {
    return NOTES
        + SamplerProofs.table()
        + "\nOptions, set to other than their standard value:\n\n"
        + OptionProofs.table()
        + "\nTraining schedules, each also rescaled to zero terminal SNR where there are tables:\n\n"
        + CurveProofs.table();
  }
}
