package io.darkroom.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.darkroom.render.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Requests: the examples of the schema, with fields that the schema names exchanged for hostile
 * values and for those at its bounds, bytes damaged, in an event or not. Some of them stay valid.
 */
public final class FuzzedMessages {
  private static final Path SCHEMAS = Path.of("schemas");
  private static final long SECONDS = 6;

  private final Random random;
  private final List<String> models;
  private final List<ObjectNode> examples = new ArrayList<>();
  private final List<String> keys = new ArrayList<>();
  private final JsonNode schema = Mutations.read(SCHEMAS.resolve("render-request.schema.json"));

  /**
   * @param models names of models in requests, in addition to those of the examples
   */
  public FuzzedMessages(Random random, List<String> models) {
    this.random = random;
    this.models = List.copyOf(models);
    try (Stream<Path> files = Files.list(SCHEMAS.resolve("examples"))) {
      files
          .filter(file -> file.toString().endsWith(".json"))
          .sorted()
          .forEach(file -> examples.add((ObjectNode) Mutations.read(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Mutations.read(Path.of("src/main/models/emoji-64/scheduler/scheduler_config.json"))
        .fieldNames()
        .forEachRemaining(keys::add);
    keys.addAll(
        List.of("solver_order", "use_karras_sigmas", "sigma_max", "shift", "trained_betas"));
  }

  /** Content of a record. */
  public record Message(Bytes body, String contentType) {
    public Message(byte[] body, String contentType) {
      this(new Bytes(body), contentType);
    }
  }

  /**
   * The next one.
   *
   * @param picture address of a source picture
   */
  public Message next(String id, String picture) {
    ObjectNode request = example().deepCopy();
    request.put("id", id).put("deadline", Instant.now().plusSeconds(SECONDS).toString());
    if (request.has("image")) {
      request.putObject("image").put("uri", picture);
    } else if (random.nextInt(4) == 0) {
      request.put("model", models.get(random.nextInt(models.size())));
    }
    if (request.has("num_inference_steps")) {
      request.put("num_inference_steps", 1 + random.nextInt(4));
    }
    if (request.path("then") instanceof ArrayNode stages && stages.size() > 1) {
      stages.remove(1); // large images would take most of the time
    }
    Mutations mutations = new Mutations(random);
    for (int i = Math.max(0, random.nextInt(5) - 1); i > 0; i--) {
      mutate(request, mutations);
    }
    byte[] body = mutations.bytes(request);
    return switch (random.nextInt(24)) {
      case 0, 1 -> new Message(Mutations.damage(body, random), "");
      case 2 -> new Message(event(body), "application/cloudevents+json");
      case 3 -> new Message(event(body), "");
      case 4 -> new Message(body, "application/cloudevents+json");
      default -> new Message(body, "application/json");
    };
  }

  private void mutate(ObjectNode request, Mutations mutations) {
    JsonNode properties = schema.path("properties");
    switch (random.nextInt(4)) {
      case 0 -> mutations.change(request);
      case 1 -> mutations.set(request, name(properties), HostileValues.next(random));
      case 2 -> {
        String field = name(properties);
        mutations.set(request, field, bound(properties.path(field)));
      }
      default -> {
        JsonNode scheduler = request.path("scheduler");
        ObjectNode keysOf =
            scheduler.isObject() ? (ObjectNode) scheduler : request.putObject("scheduler");
        mutations.set(keysOf, key(), HostileValues.next(random));
      }
    }
  }

  /** A third of them read a picture. */
  private ObjectNode example() {
    boolean reads = random.nextInt(3) == 0;
    List<ObjectNode> some =
        examples.stream().filter(request -> request.has("image") == reads).toList();
    return some.get(random.nextInt(some.size()));
  }

  private String key() {
    return keys.get(random.nextInt(keys.size()));
  }

  private String name(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names.get(random.nextInt(names.size()));
  }

  /** Returns a value that the rule just allows or just forbids. */
  private String bound(JsonNode rule) {
    JsonNode reference = rule.path("$ref");
    if (reference.isTextual()) {
      return bound(schema.at(reference.textValue().substring(1)));
    }
    if (rule.path("enum").isArray()) {
      return rule.path("enum").get(random.nextInt(rule.path("enum").size())).toString();
    }
    if (rule.path("items").isObject()) {
      int most = rule.path("maxItems").asInt(4) + random.nextInt(2);
      String item = bound(rule.path("items"));
      return "[" + (item + ",").repeat(Math.max(0, most - 1)) + item + "]";
    }
    boolean upper = random.nextBoolean();
    long end = rule.path(upper ? "maximum" : "minimum").asLong(upper ? 4 : 0);
    return Long.toString(end + random.nextInt(3) - 1);
  }

  private static byte[] event(byte[] body) {
    String start =
        "{\"specversion\":\"1.0\",\"type\":\"io.darkroom.render.requested.v1\",\"data\":";
    return (start + new String(body, StandardCharsets.UTF_8) + "}")
        .getBytes(StandardCharsets.UTF_8);
  }
}
