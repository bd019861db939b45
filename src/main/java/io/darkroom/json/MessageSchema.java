package io.darkroom.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.PathType;
import io.darkroom.job.Violation;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * One schema of the folder {@code schemas}, as the class path has it. Lists every violation in the
 * words of this project. Safe for use by many threads.
 */
final class MessageSchema {
  /** So many violations are listed; an event has to fit into a record. */
  private static final int MAX_LISTED = 100;

  private static final Comparator<Violation> ORDER =
      Comparator.comparing(Violation::pointer).thenComparing(Violation::message);

  private final SchemaRegistry registry;
  private final Schema schema;

  private MessageSchema(SchemaRegistry registry, Schema schema) {
    this.registry = registry;
    this.schema = schema;
  }

  /** Reads {@code schemas/file} with what it refers to. */
  static MessageSchema load(String file) {
    SchemaRegistryConfig config =
        SchemaRegistryConfig.builder()
            .pathType(PathType.JSON_POINTER)
            .losslessNarrowing(true)
            .formatAssertionsEnabled(false)
            .build();
    SchemaRegistry registry =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12, builder -> builder.schemaRegistryConfig(config));
    Schema schema = registry.getSchema(SchemaLocation.of("classpath:/schemas/" + file));
    schema.initializeValidators();
    return new MessageSchema(registry, schema);
  }

  /** Everything that is wrong with a message, none where it is right. */
  List<Violation> violations(JsonNode message) {
    return schema.validate(message).stream().map(this::violation).toList();
  }

  private Violation violation(Error error) {
    SchemaLocation keyword = error.getSchemaLocation();
    SchemaLocation owner =
        new SchemaLocation(keyword.getAbsoluteIri(), keyword.getFragment().getParent());
    return SchemaWording.violation(error, registry.getSchema(owner).getSchemaNode());
  }

  /** In order of their pointers, no two alike, the rest beyond a bound counted only. */
  static List<Violation> listed(List<Violation> violations) {
    List<Violation> all = violations.stream().distinct().sorted(ORDER).toList();
    if (all.size() <= MAX_LISTED) {
      return all;
    }
    Violation rest = new Violation("", "has " + (all.size() - MAX_LISTED) + " more violations");
    return Stream.concat(all.stream().limit(MAX_LISTED), Stream.of(rest)).toList();
  }
}
