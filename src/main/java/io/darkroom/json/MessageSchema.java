package io.darkroom.json;

import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.OutputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.PathType;
import io.darkroom.job.Violation;
import java.util.List;
import java.util.Set;

/**
 * One schema of the folder {@code schemas}, loaded from the class path. Violations use Darkroom's
 * wording. Safe for use by many threads.
 */
final class MessageSchema {
  private final SchemaRegistry registry;
  private final Schema schema;

  private MessageSchema(SchemaRegistry registry, Schema schema) {
    this.registry = registry;
    this.schema = schema;
  }

  /** Loads {@code schemas/file} and the schemas that it refers to. */
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

  /**
   * Returns the violations of a message. Arrays and objects that are too large are emptied first
   * and reported only for their size.
   */
  Found violations(JsonNode message) {
    List<Violation> tooLarge = Sizes.cut(message, schema.getSchemaNode());
    Set<String> emptied = tooLarge.stream().map(Violation::pointer).collect(toSet());
    FirstErrors errors = new FirstErrors(Found.MOST);
    schema.validate(errors, WholeNumbers.exact(message), OutputFormat.DEFAULT, context -> {});
    List<Violation> others =
        errors.getErrors().stream()
            .map(this::violation)
            .filter(violation -> !emptied.contains(violation.pointer()))
            .toList();
    return new Found(tooLarge, errors.more()).and(others);
  }

  private Violation violation(Error error) {
    SchemaLocation keyword = error.getSchemaLocation();
    SchemaLocation owner =
        new SchemaLocation(keyword.getAbsoluteIri(), keyword.getFragment().getParent());
    return SchemaWording.violation(error, registry.getSchema(owner).getSchemaNode());
  }
}
