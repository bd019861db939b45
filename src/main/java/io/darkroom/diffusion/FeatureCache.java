package io.darkroom.diffusion;

/**
 * Feature caching as in DeepCache (Ma et al. 2023): the deep part of a U-Net changes slowly between
 * evaluations. It is computed in full evaluations only; the evaluations in between take its result
 * from the last full one and compute the shallow part.
 *
 * @param interval every so many evaluations one is full, 2 or more
 * @param depth skip connection at which the network is split, 1 = the one next to the output
 */
public record FeatureCache(int interval, int depth) {
  /** Default depth, at which the shallow part is smallest. */
  public static final int DEPTH = 1;

  /**
   * Returns whether an evaluation is full: each {@code interval}-th, and the first guided one,
   * whose unconditional row has no feature yet.
   *
   * @param k the evaluation, from 0
   * @param evaluations number of evaluations of the render
   */
  public boolean full(int k, Guidance guidance, int evaluations) {
    boolean begins = k > 0 && guidance.rows(k, evaluations) > guidance.rows(k - 1, evaluations);
    return k % interval == 0 || begins;
  }

  /** Returns the number of full evaluations of a render. */
  public int full(Guidance guidance, int evaluations) {
    int count = 0;
    for (int k = 0; k < evaluations; k++) {
      count += full(k, guidance, evaluations) ? 1 : 0;
    }
    return count;
  }
}
