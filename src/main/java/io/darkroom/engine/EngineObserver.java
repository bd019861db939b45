package io.darkroom.engine;

/** Hears of every call of a denoising network, on the engine thread: must be quick. */
@FunctionalInterface
public interface EngineObserver {

  /** Hears nothing. */
  EngineObserver NONE = (model, rows, padding, jobs, samplers, nanos) -> {};

  /**
   * A call was made.
   *
   * @param model the package's name
   * @param rows that belong to slots
   * @param padding rows that were only there to fill the call up
   * @param jobs different requests among the rows
   * @param samplers different kinds of samplers among the rows
   * @param nanos of the network alone
   */
  void called(String model, int rows, int padding, int jobs, int samplers, long nanos);
}
