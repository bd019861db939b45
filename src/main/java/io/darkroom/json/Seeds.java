package io.darkroom.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Seeds: 64 bits unsigned, in JSON a number or text in decimal digits. They are written as a number
 * up to 2^53 and as text beyond, where a reader that keeps numbers as doubles would lose digits.
 */
final class Seeds {
  private static final Pattern DIGITS = Pattern.compile("0|[1-9][0-9]{0,19}");
  private static final long EXACT = 1L << 53;

  private Seeds() {}

  static boolean looksRight(String digits) {
    return DIGITS.matcher(digits).matches();
  }

  /** The 64 bits, empty where the number has more. */
  static Optional<Long> parse(String digits) {
    BigInteger value = new BigInteger(digits);
    return value.bitLength() > Long.SIZE ? Optional.empty() : Optional.of(value.longValue());
  }

  /** The 64 bits of a field that keeps to the schema and the rules. */
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
