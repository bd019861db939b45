package io.darkroom.json;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Reads and writes seeds: 64 bits unsigned, in JSON a number or decimal text. Seeds beyond 2^53 are
 * written as text, because readers that use doubles would lose digits.
 */
final class SeedJson {
  private static final long EXACT = 1L << 53;

  private SeedJson() {}

  /** Returns the 64 bits of a field that conforms to the schema. */
  static long read(JsonNode seed) {
    return seed.isTextual()
        ? Long.parseUnsignedLong(seed.textValue())
        : seed.decimalValue().toBigIntegerExact().longValue();
  }

  /** Returns a number, or text for large seeds. */
  static Object write(long seed) {
    boolean exact = seed >= 0 && seed <= EXACT;
    return exact ? JsonValues.integer(seed) : Long.toUnsignedString(seed);
  }
}
