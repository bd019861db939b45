package io.darkroom.engine;

/**
 * Receives every call of a denoising network, on the engine thread; must return quickly. Its
 * exceptions are logged.
 */
@FunctionalInterface
public interface EngineObserver {

  /** Does nothing. */
  EngineObserver NONE = (model, call) -> {};

  /**
   * Reports a call.
   *
   * @param model name of the package
   * @param call statistics of the call; valid only during this method, the object is reused
   */
  void called(String model, Call call);

  /** Statistics of a call. */
  interface Call {

    /** Returns the rows that belong to slots. */
    int rows();

    /** Returns the number of padding rows. */
    int padding();

    /** Returns the maximum rows of a call for samples of this shape, if memory is not short. */
    int mostRows();

    /** Returns the number of different requests in the call. */
    int jobs();

    /** Returns the number of different samplers in the call. */
    int samplers();

    /** Returns the nanoseconds of the network alone. */
    long nanos();
  }
}
