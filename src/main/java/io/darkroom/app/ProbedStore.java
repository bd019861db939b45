package io.darkroom.app;

import io.darkroom.render.ObjectStore;
import io.darkroom.render.ObjectUri;
import java.util.Optional;
import java.util.function.Supplier;

/** A store that reports the results of its calls to a {@link StoreProbe}. */
final class ProbedStore implements ObjectStore {
  private final ObjectStore store;
  private final StoreProbe probe;

  ProbedStore(ObjectStore store, StoreProbe probe) {
    this.store = store;
    this.probe = probe;
  }

  @Override
  public Optional<byte[]> get(ObjectUri uri, long maxBytes) {
    return read(() -> store.get(uri, maxBytes));
  }

  @Override
  public Optional<Beginning> begin(ObjectUri uri, int maxBytes) {
    return read(() -> store.begin(uri, maxBytes));
  }

  @Override
  public void put(ObjectUri uri, byte[] bytes, String mediaType) {
    try {
      store.put(uri, bytes, mediaType);
      probe.wrote(uri);
    } catch (StoreFailure failure) {
      probe.notWritten(uri, failure);
      throw failure;
    }
  }

  @Override
  public boolean putIfAbsent(ObjectUri uri, byte[] bytes, String mediaType) {
    try {
      boolean written = store.putIfAbsent(uri, bytes, mediaType);
      probe.wrote(uri);
      return written;
    } catch (StoreFailure failure) {
      probe.notWritten(uri, failure);
      throw failure;
    }
  }

  @Override
  public void delete(ObjectUri uri) {
    // The permission to delete is optional, so a failure here is not reported.
    store.delete(uri);
  }

  private <T> T read(Supplier<T> call) {
    try {
      return call.get();
    } catch (StoreFailure failure) {
      probe.notRead();
      throw failure;
    }
  }
}
