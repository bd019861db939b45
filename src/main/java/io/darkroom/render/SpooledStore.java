package io.darkroom.render;

import io.darkroom.text.Printable;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;

/**
 * A store for results with a {@link Spool}. While the object store fails, finished objects are kept
 * on disk instead of the heap. They are stored before the commit of their folder. When {@link
 * #putIfAbsent} returns, the commit is in the object store. Safe for use by many threads.
 */
public final class SpooledStore implements ObjectStore {
  private static final System.Logger LOG = System.getLogger(SpooledStore.class.getName());

  private final ObjectStore store;
  private final Spool spool;
  private final RunningRequests folders = new RunningRequests();

  /**
   * @param store the object store
   * @param spool the spool on disk
   */
  public SpooledStore(ObjectStore store, Spool spool) {
    this.store = store;
    this.spool = spool;
  }

  /** Stores the spooled objects of the object's folder before it reads. */
  @Override
  public Optional<byte[]> get(ObjectUri uri, long maxBytes) {
    store(uri.parent());
    return store.get(uri, maxBytes);
  }

  @Override
  public Optional<Beginning> begin(ObjectUri uri, int maxBytes) {
    return store.begin(uri, maxBytes);
  }

  /**
   * Stores an object. If the store fails, the object is spooled; if the store refuses it, it is
   * not.
   */
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
   * Stores the spooled objects of the object's folder, then the commit. If the store fails, the
   * commit is also spooled, so that a later process can store it.
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

  /** Stores all spooled results that have a commit. Stops when the store fails. */
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

  @SuppressWarnings("try") // the stay is used only for its effect
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

  /**
   * Deletes the spooled objects of a folder after the store has refused one. Otherwise the store
   * would refuse it again and the spool would fill up.
   */
  private void drop(ObjectUri folder, StoreFailure refusal) {
    spool.under(folder).forEach(spool::remove);
    LOG.log(
        Level.WARNING,
        "spooled result dropped folder="
            + folder
            + " reason="
            + Printable.logValue(String.valueOf(refusal.getMessage())));
  }

  private void store(Spool.Content content) {
    if (content.commit()) {
      // If another worker committed first, its commit is the result.
      boolean first =
          store.putIfAbsent(content.uri(), content.object().array(), content.mediaType());
      LOG.log(Level.DEBUG, "commit uri=" + content.uri() + " first=" + first);
    } else {
      store.put(content.uri(), content.object().array(), content.mediaType());
    }
  }
}
