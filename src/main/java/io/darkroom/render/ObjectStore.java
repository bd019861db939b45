package io.darkroom.render;

import java.util.Optional;

/**
 * The object store for inputs and results. Calls block and retry within a time limit before they
 * throw. Safe for use by many threads.
 */
public interface ObjectStore {

  /**
   * Returns the bytes of an object; empty if it does not exist.
   *
   * @param maxBytes maximum length
   * @throws TooLarge if the object is longer
   * @throws StoreFailure if the store does not answer or refuses the call
   */
  Optional<byte[]> get(ObjectUri uri, long maxBytes);

  /**
   * Returns the first bytes of an object; empty if it does not exist.
   *
   * @param maxBytes maximum number of bytes
   * @throws StoreFailure if the store does not answer or refuses the call
   */
  Optional<Beginning> begin(ObjectUri uri, int maxBytes);

  /**
   * The beginning of an object.
   *
   * @param bytes the first bytes, or all bytes of a short object
   * @param length length of the whole object
   */
  record Beginning(Bytes bytes, long length) {
    /** Returns whether this is the whole object. */
    public boolean whole() {
      return bytes.array().length == length;
    }
  }

  /**
   * Writes an object. An existing one is replaced, so the name should contain the digest of the
   * bytes.
   *
   * @throws StoreFailure if it could not be written
   */
  void put(ObjectUri uri, byte[] bytes, String mediaType);

  /**
   * Writes an object unless there is already one with this name.
   *
   * @return true if it was written, by this or an earlier attempt of this call; false if the stored
   *     object has other bytes
   * @throws StoreFailure if the store does not answer or refuses the call
   */
  boolean putIfAbsent(ObjectUri uri, byte[] bytes, String mediaType);

  /**
   * Deletes an object; does nothing if there is none.
   *
   * @throws StoreFailure if it could not be deleted
   */
  void delete(ObjectUri uri);

  /** The object is longer than the caller allows. */
  final class TooLarge extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TooLarge(ObjectUri uri, long bytes, long maxBytes) {
      super(uri + ": must be at most " + maxBytes + " bytes, is " + bytes);
    }
  }

  /** A request to the store failed after all retries. */
  final class StoreFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final boolean refused;
    private final boolean lasting;

    /** The store could not be reached or failed. */
    public StoreFailure(String message, Throwable cause) {
      this(message, cause, false);
    }

    public StoreFailure(String message, Throwable cause, boolean refused) {
      this(message, cause, refused, false);
    }

    private StoreFailure(String message, Throwable cause, boolean refused, boolean lasting) {
      super(message, cause);
      this.refused = refused;
      this.lasting = lasting;
    }

    /**
     * Returns this failure, marked as lasting: it was retried until the time limit for finished
     * pictures was over.
     */
    StoreFailure asLasting() {
      return new StoreFailure(String.valueOf(getMessage()), this, refused, true);
    }

    /**
     * Returns whether the store refused this bucket or object. Then a retry does not help, and
     * other requests are not affected.
     */
    public boolean refused() {
      return refused;
    }

    /** Returns whether it was retried until the time limit for finished pictures was over. */
    public boolean lasting() {
      return lasting;
    }
  }
}
