package io.darkroom.s3;

import java.util.Locale;

/**
 * How a store handles requests that not all stores support.
 *
 * @param conditions handling of {@code If-None-Match: *}
 * @param checksums handling of {@code x-amz-checksum-crc32}
 * @param parts whether it supports multipart uploads
 * @param pathStyle whether it needs path-style URLs
 */
record StoreProfile(Support conditions, Support checksums, boolean parts, boolean pathStyle) {

  /** The profile of a store that supports everything; it is assumed before the check. */
  static final StoreProfile ASSUMED =
      new StoreProfile(Support.HONOURED, Support.HONOURED, true, false);

  /** How a store handles a header. */
  enum Support {
    HONOURED,
    IGNORED,
    REFUSED;

    private String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Returns a copy with the path style. */
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

  /** Returns the form for the log: {@code conditional-writes=honoured checksums=ignored ...}. */
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
