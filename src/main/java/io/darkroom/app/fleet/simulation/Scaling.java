package io.darkroom.app.fleet.simulation;

import java.util.List;

/** A rule for the number of workers. */
public sealed interface Scaling {

  /** Both rules for a trace; the count of requests is set for the trace's mean request. */
  static List<Scaling> rules(Trace trace, double targetWait) {
    return List.of(
        new ByLag(targetWait / trace.meanDeviceSeconds()), new ByDeviceSeconds(targetWait));
  }

  /** Its name in tables. */
  String name();

  /**
   * The workers that it wants for what is not finished, before bounds.
   *
   * @param requests waiting or being rendered
   * @param deviceSeconds that they take, those being rendered in full
   */
  int workers(int requests, double deviceSeconds);

  /**
   * By the count of requests.
   *
   * @param requestsPerWorker above 0
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
   * By the device time of the requests.
   *
   * @param targetWait seconds, above 0
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
