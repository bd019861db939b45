package io.darkroom.render;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;

/**
 * The store for results. While it fails, finished objects go to a {@link Spool} on disk instead of
 * staying on the heap; they go on to the store before the commit of their folder does. A commit is
 * in the store when {@link #putIfAbsent} returns, never before. Safe for use by many threads.
 */
public final class SpooledStore implements ObjectStore {
  private static final System.Logger LOG = System.getLogger(SpooledStore.class.getName());

  private final ObjectStore store;
  private final Spool spool;
  private final RunningRequests folders = new RunningRequests();

  /**
   * @param store that fails at times
   */
  public SpooledStore(ObjectStore store, Spool spool) {
    this.store = store;
    this.spool = spool;
  }

  /** What stands under the object's folder in the spool is stored first. */
  @Override
  public Optional<byte[]> get(ObjectUri uri, long maxBytes) {
    store(uri.parent());
    return store.get(uri, maxBytes);
  }

  @Override
  public Optional<Beginning> begin(ObjectUri uri, int maxBytes) {
    return store.begin(uri, maxBytes);
  }

  /** Where the store fails, the object is spooled; refusals are not for the spool. */
  @Override
  public void put(ObjectUri uri, byte[] bytes, String mediaType) {
    Spool.Content content = new Spool.Content(uri, false, mediaType, new Bytes(bytes));
    if (!spool.under(uri.parent()).isEmpty() && spool.keep(content)) {
      return;
    }
    try {
      store.put(uri, bytes, mediaType);
    } catch (StoreFailure failure) {
      if (failure.refused() || !spool.keep(content)) {
        throw failure;
      }
      LOG.log(Level.DEBUG, "object spooled uri=" + uri, failure);
    }
  }

  /**
   * Stores what is spooled of the object's folder, then commits it. Where the store fails the
   * commit is spooled, too, so that a later process can do the same.
   */
  @Override
  public boolean putIfAbsent(ObjectUri uri, byte[] bytes, String mediaType) {
    if (!spool.under(uri.parent()).isEmpty()) {
      spool.keep(new Spool.Content(uri, true, mediaType, new Bytes(bytes)));
      store(uri.parent());
    }
    return store.putIfAbsent(uri, bytes, mediaType);
  }

  @Override
  public void delete(ObjectUri uri) {
    store.delete(uri);
  }

  /** Stores every result that is spooled with its commit, as far as the store takes it. */
  public void storeAll() {
    for (Spool.Entry commit : spool.commits()) {
      try {
        store(commit.uri().parent());
      } catch (StoreFailure failure) {
        LOG.log(Level.DEBUG, "spooled result not stored uri=" + commit.uri(), failure);
        return;
      }
    }
  }

  @SuppressWarnings("try") // the stay is for its effect alone
  private void store(ObjectUri folder) {
    if (spool.under(folder).isEmpty()) {
      return;
    }
    try (RunningRequests.Stay stay = folders.enter(folder)) {
      List<Spool.Entry> entries = spool.under(folder);
      for (Spool.Entry entry : entries) {
        spool.read(entry).ifPresent(this::store);
        spool.remove(entry);
      }
      LOG.log(Level.INFO, "spooled result stored folder=" + folder + " objects=" + entries.size());
    } catch (StoreFailure failure) {
      if (failure.refused()) {
        drop(folder, failure);
      }
      throw failure;
    }
  }

  /** What the store refuses it refuses again: it must not fill the spool without end. */
  private void drop(ObjectUri folder, StoreFailure refusal) {
    spool.under(folder).forEach(spool::remove);
    LOG.log(
        Level.WARNING,
        "spooled result dropped folder=" + folder + " reason=\"" + refusal.getMessage() + "\"");
  }

  private void store(Spool.Content content) {
    if (content.commit()) {
      // Where another worker was first, its commit counts.
      boolean first =
          store.putIfAbsent(content.uri(), content.object().array(), content.mediaType());
      LOG.log(Level.DEBUG, "commit uri=" + content.uri() + " first=" + first);
    } else {
      store.put(content.uri(), content.object().array(), content.mediaType());
    }
  }
}
