package io.darkroom.s3;

import java.util.Locale;

/**
 * What a store does with requests that not every store takes.
 *
 * @param conditions what it does with {@code If-None-Match: *}
 * @param checksums what it does with {@code x-amz-checksum-crc32}
 * @param parts whether it takes objects in parts
 * @param pathStyle whether the bucket was found to have to stand in the path
 */
record StoreProfile(Support conditions, Support checksums, boolean parts, boolean pathStyle) {

  /** Of a store that takes all, which is assumed before it was asked. */
  static final StoreProfile ASSUMED =
      new StoreProfile(Support.HONOURED, Support.HONOURED, true, false);

  /** What becomes of a header. */
  enum Support {
    HONOURED,
    IGNORED,
    REFUSED;

    private String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The same with the path style. */
  StoreProfile withPathStyle() {
    return new StoreProfile(conditions, checksums, parts, true);
  }

  StoreProfile withConditions(Support found) {
    return new StoreProfile(found, checksums, parts, pathStyle);
  }

  StoreProfile withChecksums(Support found) {
    return new StoreProfile(conditions, found, parts, pathStyle);
  }

  StoreProfile withParts(boolean found) {
    return new StoreProfile(conditions, checksums, found, pathStyle);
  }

  /** For the log: {@code conditional-writes=honoured checksums=ignored ...}. */
  @Override
  public String toString() {
    return "conditional-writes="
        + conditions.wire()
        + " checksums="
        + checksums.wire()
        + " parts="
        + parts
        + " path-style="
        + pathStyle;
  }
}
