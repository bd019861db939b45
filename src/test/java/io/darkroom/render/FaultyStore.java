package io.darkroom.render;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A store whose first writes fail. */
final class FaultyStore implements ObjectStore {
  private final ObjectStore sound;
  private final boolean refused;
  private final AtomicInteger objectFailures = new AtomicInteger();
  private final AtomicInteger commitFailures = new AtomicInteger();
  private final AtomicInteger writes = new AtomicInteger();

  /**
   * @param refused whether its failures are refusals
   */
  FaultyStore(ObjectStore sound, boolean refused) {
    this.sound = sound;
    this.refused = refused;
  }

  /** Writes of pictures that fail from now on. */
  FaultyStore failObjects(int times) {
    objectFailures.set(times);
    return this;
  }

  /** Commits that fail from now on, although they are done. */
  FaultyStore failCommits(int times) {
    commitFailures.set(times);
    return this;
  }

  /** Writes tried so far. */
  int writes() {
    return writes.get();
  }

  @Override
  public Optional<byte[]> get(ObjectUri uri, long maxBytes) {
    return sound.get(uri, maxBytes);
  }

  @Override
  public Optional<Beginning> begin(ObjectUri uri, int maxBytes) {
    return sound.begin(uri, maxBytes);
  }

  @Override
  public void put(ObjectUri uri, byte[] bytes, String mediaType) {
    writes.incrementAndGet();
    if (objectFailures.getAndDecrement() > 0) {
      throw failure(uri);
    }
    sound.put(uri, bytes, mediaType);
  }

  @Override
  public boolean putIfAbsent(ObjectUri uri, byte[] bytes, String mediaType) {
    writes.incrementAndGet();
    boolean written = sound.putIfAbsent(uri, bytes, mediaType);
    if (commitFailures.getAndDecrement() > 0) {
      throw failure(uri);
    }
    return written;
  }

  @Override
  public void delete(ObjectUri uri) {
    sound.delete(uri);
  }

  private StoreFailure failure(ObjectUri uri) {
    return new StoreFailure(uri + ": does not answer", new IllegalStateException(), refused);
  }
}
