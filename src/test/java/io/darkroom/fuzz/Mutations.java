package io.darkroom.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Changes JSON at random. A value that is not JSON, or that a tree would change, is a mark in the
 * tree until the text is written.
 */
final class Mutations {
  private static final String MARK = "@hostile@";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Random random;
  private final List<String> raw = new ArrayList<>();

  Mutations(Random random) {
    this.random = random;
  }

  static JsonNode read(Path file) {
    try {
      return JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sets a field to a value given as text. */
  void set(ObjectNode object, String field, String value) {
    object.put(field, MARK + raw.size() + MARK);
    raw.add(value);
  }

  /** Replaces or removes a value somewhere in a tree. */
  void change(JsonNode tree) {
    if (tree instanceof ObjectNode object && !object.isEmpty()) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      String name = names.get(random.nextInt(names.size()));
      JsonNode child = object.get(name);
      if (child.isContainerNode() && random.nextInt(3) > 0) {
        change(child);
      } else if (random.nextInt(6) == 0) {
        object.remove(name);
      } else {
        set(object, name, HostileValues.next(random));
      }
    } else if (tree instanceof ArrayNode array && !array.isEmpty()) {
      array.set(random.nextInt(array.size()), MARK + raw.size() + MARK);
      raw.add(HostileValues.next(random));
    }
  }

  /** The text of a tree with everything that was set in it. */
  byte[] bytes(JsonNode tree) {
    try {
      String text = JSON.writeValueAsString(tree);
      for (int i = 0; i < raw.size(); i++) {
        text = text.replace("\"" + MARK + i + MARK + "\"", raw.get(i));
      }
      return text.getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Cuts bytes off, or exchanges some. */
  static byte[] damage(byte[] bytes, Random random) {
    if (bytes.length == 0 || random.nextInt(3) == 0) {
      return Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
    }
    byte[] damaged = bytes.clone();
    for (int i = random.nextInt(8); i >= 0; i--) {
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
    }
    return damaged;
  }
}
