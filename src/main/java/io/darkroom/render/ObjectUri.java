package io.darkroom.render;

import java.util.regex.Pattern;

/**
 * The address of an object, {@code s3://bucket/key}, or of a prefix, whose key is empty or ends in
 * a slash. The key is not decoded. It has at most 1024 characters, no empty, {@code .} or {@code
 * ..} segments, no control characters and no backslash.
 */
public record ObjectUri(String bucket, String key) {
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
  private static final Pattern KEY = Pattern.compile("[^\\p{Cntrl}\\\\]{0,1024}");
  private static final Pattern ESCAPE = Pattern.compile("(^|/)(\\.{0,2})(/|$)");
  private static final String SCHEME = "s3://";

  public ObjectUri {
    if (!BUCKET.matcher(bucket).matches()) {
      throw new IllegalArgumentException("bucket: must be a valid bucket name");
    }
    boolean escapes = ESCAPE.matcher(prefix(key) ? key + "x" : key).find();
    if (!KEY.matcher(key).matches() || escapes) {
      throw new IllegalArgumentException(
          "key: must not have empty, . or .. segments, backslashes or control characters");
    }
  }

  /**
   * Parses {@code s3://bucket/key}.
   *
   * @throws IllegalArgumentException if it does not have this form
   */
  public static ObjectUri parse(String uri) {
    int slash = uri.startsWith(SCHEME) ? uri.indexOf('/', SCHEME.length()) : -1;
    if (slash < 0) {
      throw new IllegalArgumentException("uri: must be s3://bucket/key");
    }
    return new ObjectUri(uri.substring(SCHEME.length(), slash), uri.substring(slash + 1));
  }

  private static boolean prefix(String key) {
    return key.isEmpty() || key.endsWith("/");
  }

  /** Returns whether this is a prefix: a whole bucket, or a key that ends in a slash. */
  public boolean isPrefix() {
    return prefix(key);
  }

  /** Returns the object with this name under this prefix. */
  public ObjectUri child(String name) {
    return new ObjectUri(bucket, key + name);
  }

  /** Returns the prefix of this object. */
  ObjectUri parent() {
    return new ObjectUri(bucket, key.substring(0, key.lastIndexOf('/') + 1));
  }

  @Override
  public String toString() {
    return SCHEME + bucket + "/" + key;
  }
}
