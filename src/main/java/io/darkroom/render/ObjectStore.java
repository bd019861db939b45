package io.darkroom.render;

import java.util.Optional;

/**
 * Where pictures come from and go to. Safe for use by many threads; calls block, retry what is
 * worth it within a stated bound, and then throw.
 */
public interface ObjectStore {

  /**
   * The object's bytes; empty where there is none.
   *
   * @param maxBytes a longer object is not read
   * @throws TooLarge where it is longer
   * @throws StoreFailure where the store cannot say
   */
  Optional<byte[]> get(ObjectUri uri, long maxBytes);

  /**
   * How an object begins; empty where there is none.
   *
   * @param maxBytes that are read of it
   * @throws StoreFailure where the store cannot say
   */
  Optional<Beginning> begin(ObjectUri uri, int maxBytes);

  /**
   * The beginning of an object.
   *
   * @param bytes the first ones, or all
   * @param length of the whole object
   */
  record Beginning(Bytes bytes, long length) {
    /** Whether this is the whole object. */
    public boolean whole() {
      return bytes.array().length == length;
    }
  }

  /**
   * Writes an object whose name says its bytes: writing it twice is harmless.
   *
   * @throws StoreFailure where it could not be written
   */
  void put(ObjectUri uri, byte[] bytes, String mediaType);

  /**
   * Writes an object unless there is one of that name.
   *
   * @return true where it was written, by this or an earlier attempt of this call; false where
   *     another one stands there
   * @throws StoreFailure where the store cannot say
   */
  boolean putIfAbsent(ObjectUri uri, byte[] bytes, String mediaType);

  /** An object longer than the caller allows. */
  final class TooLarge extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TooLarge(ObjectUri uri, long bytes, long maxBytes) {
      super(uri + ": must be at most " + maxBytes + " bytes, is " + bytes);
    }
  }

  /** The store did not do what it was asked, retries included. */
  final class StoreFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final boolean refused;
    private final boolean lasting;

    /** A store that could not be reached, or that is ill. */
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

    /** The same failure, after it was met for as long as finished pictures are kept. */
    StoreFailure asLasting() {
      return new StoreFailure(String.valueOf(getMessage()), this, refused, true);
    }

    /**
     * Whether the store answered, and said that this bucket or object is not to be had: asking
     * again changes nothing, and other requests are not concerned.
     */
    public boolean refused() {
      return refused;
    }

    /** Whether it was met again and again for as long as finished pictures are kept. */
    public boolean lasting() {
      return lasting;
    }
  }
}
