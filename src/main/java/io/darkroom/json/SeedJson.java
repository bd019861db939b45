package io.darkroom.json;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Seeds: 64 bits unsigned, in JSON a number or text in decimal digits. They are written as a number
 * up to 2^53 and as text beyond, where a reader that keeps numbers as doubles would lose digits.
 */
final class SeedJson {
  private static final long EXACT = 1L << 53;

  private SeedJson() {}

  /** The 64 bits of a field that keeps to the schema. */
  static long read(JsonNode seed) {
    return seed.isTextual()
        ? Long.parseUnsignedLong(seed.textValue())
        : seed.decimalValue().toBigIntegerExact().longValue();
  }

  /** A number, or text. */
  static Object write(long seed) {
    boolean exact = seed >= 0 && seed <= EXACT;
    return exact ? JsonValues.integer(seed) : Long.toUnsignedString(seed);
  }
}
