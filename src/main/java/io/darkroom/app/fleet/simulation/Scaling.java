package io.darkroom.app.fleet.simulation;

import java.util.List;

/** A scaling rule for the number of workers. */
public sealed interface Scaling {

  /**
   * Returns both rules for a trace. The number of requests per worker is set for the mean request
   * of the trace.
   */
  static List<Scaling> rules(Trace trace, double targetWait) {
    return List.of(
        new ByLag(targetWait / trace.meanDeviceSeconds()), new ByDeviceSeconds(targetWait));
  }

  /** Returns the name in tables. */
  String name();

  /**
   * Returns the wanted number of workers for the unfinished requests, before limits are applied.
   *
   * @param requests number of requests that wait or are being rendered
   * @param deviceSeconds total device time of these requests; those being rendered count in full
   */
  int workers(int requests, double deviceSeconds);

  /**
   * Scales by the number of requests.
   *
   * @param requestsPerWorker number of requests for each worker, above 0
   */
  record ByLag(double requestsPerWorker) implements Scaling {
    @Override
    public String name() {
      return "lag";
    }

    @Override
    public int workers(int requests, double deviceSeconds) {
      return (int) Math.ceil(requests / requestsPerWorker);
    }
  }

  /**
   * Scales by the device time of the requests.
   *
   * @param targetWait accepted wait in seconds, above 0
   */
  record ByDeviceSeconds(double targetWait) implements Scaling {
    @Override
    public String name() {
      return "device seconds";
    }

    @Override
    public int workers(int requests, double deviceSeconds) {
      return (int) Math.ceil(deviceSeconds / targetWait);
    }
  }
}
