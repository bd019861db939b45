package io.darkroom.render;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Objects in memory, by address. */
final class MemoryStore implements ObjectStore {
  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private final Runnable before;

  MemoryStore() {
    this(() -> {});
  }

  /**
   * @param before done before each write
   */
  MemoryStore(Runnable before) {
    this.before = before;
  }

  Map<String, byte[]> objects() {
    return objects;
  }

  @Override
  public Optional<byte[]> get(ObjectUri uri, long maxBytes) {
    return Optional.ofNullable(objects.get(uri.toString()));
  }

  @Override
  public Optional<Beginning> begin(ObjectUri uri, int maxBytes) {
    return get(uri, Long.MAX_VALUE)
        .map(
            all ->
                new Beginning(
                    new Bytes(Arrays.copyOf(all, Math.min(all.length, maxBytes))), all.length));
  }

  @Override
  public void put(ObjectUri uri, byte[] bytes, String mediaType) {
    before.run();
    objects.put(uri.toString(), bytes);
  }

  @Override
  public boolean putIfAbsent(ObjectUri uri, byte[] bytes, String mediaType) {
    return objects.putIfAbsent(uri.toString(), bytes) == null;
  }

  @Override
  public void delete(ObjectUri uri) {
    objects.remove(uri.toString());
  }
}
