package io.darkroom.engine;

/**
 * Receives every call of a denoising network, on the engine thread: must be quick. What it throws
 * is logged.
 */
@FunctionalInterface
public interface EngineObserver {

  /** Does nothing. */
  EngineObserver NONE = (model, call) -> {};

  /**
   * A call was made.
   *
   * @param model the package's name
   * @param call to be read now: the next one has the same object
   */
  void called(String model, Call call);

  /** What a call was made of. */
  interface Call {

    /** Rows that belong to slots. */
    int rows();

    /** Rows that were only there to fill the call up. */
    int padding();

    /** Rows that calls for samples of this shape have at most, where memory is not short. */
    int mostRows();

    /** Different requests among the rows. */
    int jobs();

    /** Different kinds of samplers among the rows. */
    int samplers();

    /** Nanoseconds of the network alone. */
    long nanos();
  }
}
