package io.darkroom.console;

import io.darkroom.render.ObjectStore;
import io.darkroom.render.ObjectUri;
import java.util.Optional;
import java.util.Set;

/** A read-only view of a store. It allows only some buckets and limits the size of objects. */
final class AllowedStore implements ObjectStore {
  private static final long MOST_BYTES = 32 << 20;

  private final ObjectStore store;
  private final Set<String> buckets;

  AllowedStore(ObjectStore store, Set<String> buckets) {
    this.store = store;
    this.buckets = buckets;
  }

  /** Returns whether objects of this bucket are shown. */
  boolean shows(ObjectUri uri) {
    return buckets.contains(uri.bucket());
  }

  @Override
  public Optional<byte[]> get(ObjectUri uri, long maxBytes) {
    return store.get(checked(uri), Math.min(maxBytes, MOST_BYTES));
  }

  @Override
  public Optional<Beginning> begin(ObjectUri uri, int maxBytes) {
    return store.begin(checked(uri), maxBytes);
  }

  /** Returns the address, or throws if its bucket is not allowed. */
  private ObjectUri checked(ObjectUri uri) {
    if (!shows(uri)) {
      throw new IllegalArgumentException("the console does not show the bucket " + uri.bucket());
    }
    return uri;
  }

  @Override
  public void put(ObjectUri uri, byte[] bytes, String mediaType) {
    throw readOnly();
  }

  @Override
  public boolean putIfAbsent(ObjectUri uri, byte[] bytes, String mediaType) {
    throw readOnly();
  }

  @Override
  public void delete(ObjectUri uri) {
    throw readOnly();
  }

  private static UnsupportedOperationException readOnly() {
    return new UnsupportedOperationException("the console only reads the store");
  }
}
