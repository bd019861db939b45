package io.darkroom.replay;

import io.darkroom.render.ObjectStore;
import io.darkroom.render.ObjectUri;
import java.util.Optional;

/**
 * The store of a replay. Objects under one prefix are read from and written to a separate store.
 * All other objects are read from the original store and are never written. Safe for use by many
 * threads.
 */
public final class ReplayStore implements ObjectStore {
  private final ObjectStore originals;
  private final ObjectStore replays;
  private final ObjectUri prefix;

  /**
   * @param originals store with the inputs and the original results
   * @param replays store for the results of the replay
   * @param prefix prefix of everything that a replay writes
   */
  public ReplayStore(ObjectStore originals, ObjectStore replays, ObjectUri prefix) {
    this.originals = originals;
    this.replays = replays;
    this.prefix = prefix;
  }

  @Override
  public Optional<byte[]> get(ObjectUri uri, long maxBytes) {
    return of(uri).get(uri, maxBytes);
  }

  @Override
  public Optional<Beginning> begin(ObjectUri uri, int maxBytes) {
    return of(uri).begin(uri, maxBytes);
  }

  @Override
  public void put(ObjectUri uri, byte[] bytes, String mediaType) {
    writable(uri).put(uri, bytes, mediaType);
  }

  @Override
  public boolean putIfAbsent(ObjectUri uri, byte[] bytes, String mediaType) {
    return writable(uri).putIfAbsent(uri, bytes, mediaType);
  }

  @Override
  public void delete(ObjectUri uri) {
    writable(uri).delete(uri);
  }

  private ObjectStore of(ObjectUri uri) {
    return isReplay(uri) ? replays : originals;
  }

  private ObjectStore writable(ObjectUri uri) {
    if (!isReplay(uri)) {
      throw new IllegalStateException(uri + ": a replay writes under " + prefix + " only");
    }
    return replays;
  }

  private boolean isReplay(ObjectUri uri) {
    return uri.bucket().equals(prefix.bucket()) && uri.key().startsWith(prefix.key());
  }
}
