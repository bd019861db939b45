package io.darkroom.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads untrusted JSON: UTF-8 without a byte order mark, one value, no duplicate keys, and limits
 * for length, depth, names and digits. Decimals keep their text, except for {@link BoundedDecimals
 * exponents} outside the range of a double. Safe for use by many threads.
 */
final class StrictJson {
  private static final int MAX_NAME = 256;
  private static final int MAX_DIGITS = 100;

  private final JsonMapper mapper;
  private final int maxBytes;
  private final String bounds;

  /**
   * Creates a reader.
   *
   * @param maxBytes maximum length
   * @param maxDepth maximum nesting of objects and arrays
   */
  StrictJson(int maxBytes, int maxDepth) {
    this(maxBytes, constraints(maxBytes, maxDepth).maxNameLength(MAX_NAME).build(), false);
  }

  private StrictJson(int maxBytes, StreamReadConstraints constraints, boolean bareWords) {
    this.maxBytes = maxBytes;
    this.bounds =
        "at most %d levels deep, with names of at most %d and numbers of at most %d characters"
            .formatted(
                constraints.getMaxNestingDepth(),
                constraints.getMaxNameLength(),
                constraints.getMaxNumberLength());
    // Names from untrusted sources are not interned in a shared table.
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(constraints)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .configure(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS, bareWords)
            .build();
    mapper =
        JsonMapper.builder(factory)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();
  }

  /**
   * Creates a reader for files of model packages: it allows long names, and NaN and Infinity
   * without quotes.
   */
  static StrictJson forConfigs(int maxBytes, int maxDepth) {
    return new StrictJson(maxBytes, constraints(maxBytes, maxDepth).build(), true);
  }

  private static StreamReadConstraints.Builder constraints(int maxBytes, int maxDepth) {
    return StreamReadConstraints.builder()
        .maxNestingDepth(maxDepth)
        .maxStringLength(maxBytes)
        .maxNumberLength(MAX_DIGITS);
  }

  /**
   * Returns the one value of the bytes.
   *
   * @throws NotJson if the bytes are not JSON or exceed a limit
   */
  JsonNode read(byte[] bytes) throws NotJson {
    if (bytes.length > maxBytes) {
      throw new NotJson("must be at most " + maxBytes + " bytes, is " + bytes.length);
    }
    String text = text(bytes);
    try (JsonParser parser = new BoundedDecimals(mapper.createParser(text))) {
      JsonNode node = mapper.readTree(parser);
      if (node == null) {
        throw new NotJson("is empty");
      }
      return node;
    } catch (JsonProcessingException e) {
      throw new NotJson(ParseProblem.of(e, bounds));
    } catch (IOException e) {
      throw new UncheckedIOException("text in memory can be read", e);
    }
  }

  private static String text(byte[] bytes) throws NotJson {
    refuseOtherEncodings(bytes);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(in).toString();
    } catch (CharacterCodingException e) {
      throw new NotJson("must be UTF-8, has a malformed character at byte " + in.position());
    }
  }

  private static void refuseOtherEncodings(byte[] bytes) throws NotJson {
    int first = at(bytes, 0);
    int second = at(bytes, 1);
    if (first == 0xEF && second == 0xBB && at(bytes, 2) == 0xBF) {
      throw new NotJson("must be UTF-8 without a byte order mark, has one");
    }
    boolean marked = (first == 0xFE && second == 0xFF) || (first == 0xFF && second == 0xFE);
    if (marked || first == 0 || second == 0) {
      throw new NotJson("must be UTF-8, is UTF-16 or UTF-32");
    }
  }

  private static int at(byte[] bytes, int index) {
    return index < bytes.length ? bytes[index] & 0xFF : -1;
  }
}
