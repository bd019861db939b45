package io.darkroom.fuzz;

import java.util.List;
import java.util.Random;

/** JSON values, as text, that are difficult for a reader; most are valid JSON. */
final class HostileValues {
  private static final List<String> NUMBERS =
      List.of(
          "1E+99999999999",
          "-1e99999999999",
          "1.0e-2147483647",
          "0e99999999999",
          "1e-400",
          "1e308",
          "-1e999999999",
          "9223372036854775808",
          "18446744073709551615",
          "2147483648",
          "4294967296",
          "65537",
          "1000",
          "1",
          "0.1",
          "4.9e-324",
          "-0",
          "-1",
          "0",
          "1".repeat(100),
          "0.".concat("1".repeat(98)),
          "1".repeat(101),
          "NaN",
          "-Infinity");

  private static final List<String> WORDS =
      List.of(
          "null",
          "true",
          "{}",
          "[]",
          "\"\"",
          "\"true\"",
          "\"NaN\"",
          "\"-Infinity\"",
          "\"\\ud800\"",
          "\"\\u0000\"",
          "\"\\u202e\\u2028\\r\\n\"",
          "\"\ud83e\uddd1\u200d\ud83d\ude80 e\u0301 \uffff\"",
          "\"../../../etc/passwd\"",
          "\"s3://pictures/../x/\"",
          "\"s3://pictures/sources/none.png\"",
          "\"euler_a\"",
          "\"DPMSolverMultistepScheduler\"",
          "\"v_prediction\"",
          "\"karras\"",
          "{\"uri\":\"file:///etc/passwd\"}",
          "{\"data\":\"AAAA\"}");

  private HostileValues() {}

  /** A value, rarely a large one. */
  static String next(Random random) {
    return switch (random.nextInt(20)) {
      case 0 -> large(random);
      case 1, 2, 3, 4, 5, 6, 7, 8, 9 -> NUMBERS.get(random.nextInt(NUMBERS.size()));
      case 10 -> "[" + next(random) + "," + next(random) + "]";
      case 11 -> "{\"a\":" + next(random) + ",\"type\":" + next(random) + "}";
      default -> WORDS.get(random.nextInt(WORDS.size()));
    };
  }

  private static String large(Random random) {
    int depth = 10 + random.nextInt(2000);
    return switch (random.nextInt(7)) {
      case 0 -> "[".repeat(depth) + "]".repeat(depth);
      case 1 -> "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
      case 2 -> "\"" + "x".repeat(random.nextInt(1_000_000)) + "\"";
      case 3 -> "\"" + "\ud83e\udd8a".repeat(random.nextInt(100_000)) + "\"";
      case 4 -> list(next(random), 900_000);
      case 5 -> list("\"\"", 900_000);
      default -> fields(random.nextInt(60_000));
    };
  }

  private static String list(String value, int most) {
    String entry = value.length() > 100 ? "1" : value;
    return "[" + (entry + ",").repeat(most / (entry.length() + 1)) + entry + "]";
  }

  private static String fields(int count) {
    StringBuilder fields = new StringBuilder("{\"k\":0");
    for (int i = 0; i < count; i++) {
      fields.append(",\"k").append(i).append("\":0");
    }
    return fields.append('}').toString();
  }
}
