package io.darkroom.app.metrics;

import io.darkroom.render.ObjectStore;
import io.darkroom.render.ObjectUri;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Optional;
import java.util.function.Supplier;

/** Measures requests, bytes, errors and time of a store by operation. */
public final class MeteredStore implements ObjectStore {
  private final ObjectStore store;
  private final Meters get;
  private final Meters put;
  private final Meters putIfAbsent;
  private final Meters delete;

  public MeteredStore(ObjectStore store, MeterRegistry registry) {
    this.store = store;
    this.get = Meters.of(registry, "get");
    this.put = Meters.of(registry, "put");
    this.putIfAbsent = Meters.of(registry, "put_if_absent");
    this.delete = Meters.of(registry, "delete");
  }

  @Override
  public Optional<byte[]> get(ObjectUri uri, long maxBytes) {
    Optional<byte[]> found = get.measured(() -> store.get(uri, maxBytes));
    found.ifPresent(bytes -> get.bytes().increment(bytes.length));
    return found;
  }

  @Override
  public Optional<Beginning> begin(ObjectUri uri, int maxBytes) {
    Optional<Beginning> found = get.measured(() -> store.begin(uri, maxBytes));
    found.ifPresent(beginning -> get.bytes().increment(beginning.bytes().array().length));
    return found;
  }

  @Override
  public void put(ObjectUri uri, byte[] bytes, String mediaType) {
    put.measured(
        () -> {
          store.put(uri, bytes, mediaType);
          return true;
        });
    put.bytes().increment(bytes.length);
  }

  @Override
  public boolean putIfAbsent(ObjectUri uri, byte[] bytes, String mediaType) {
    boolean written = putIfAbsent.measured(() -> store.putIfAbsent(uri, bytes, mediaType));
    putIfAbsent.bytes().increment(written ? bytes.length : 0);
    return written;
  }

  @Override
  public void delete(ObjectUri uri) {
    delete.measured(
        () -> {
          store.delete(uri);
          return true;
        });
  }

  private record Meters(Timer requests, Counter bytes, Counter errors) {

    static Meters of(MeterRegistry registry, String operation) {
      return new Meters(
          registry.timer(Metric.STORE_REQUEST.id(), "operation", operation),
          registry.counter(Metric.STORE_BYTES.id(), "operation", operation),
          registry.counter(Metric.STORE_ERRORS.id(), "operation", operation));
    }

    <T> T measured(Supplier<T> request) {
      try {
        return requests.record(request);
      } catch (StoreFailure failure) {
        errors.increment();
        throw failure;
      }
    }
  }
}
