package io.darkroom.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.darkroom.diffusion.schedule.BetaSchedule;
import io.darkroom.job.ErrorClass;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemasTest {

  static List<Path> schemas() {
    return Requests.files(Schemas.FOLDER);
  }

  static List<Path> events() {
    return Requests.files(Requests.EXAMPLES.resolve("events"));
  }

  @ParameterizedTest
  @MethodSource("schemas")
  void aSchemaConformsToItsMetaSchema(Path file) {
    SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    String metaSchema = "https://json-schema.org/draft/2020-12/schema";

    assertThat(tree(file).path("$schema").textValue()).isEqualTo(metaSchema);
    assertThat(registry.getSchema(SchemaLocation.of(metaSchema)).validate(tree(file))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("events")
  void anExampleOfAnEventConformsToTheSchemaOfItsType(Path file) {
    String type = file.getFileName().toString().split("[-.]", 2)[0];

    Schemas.assertValid("render-" + type, bytes(file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"started", "progressed", "completed", "failed", "rejected", "cancelled"})
  void everyTypeOfEventHasAnExample(String type) {
    assertThat(events()).anyMatch(file -> file.getFileName().toString().startsWith(type));
  }

  @ParameterizedTest
  @ValueSource(strings = {"render-failed", "render-rejected"})
  void theClassesOfErrorsEqualThoseOfTheCode(String schema) {
    JsonNode classes =
        tree(Schemas.FOLDER.resolve(schema + ".schema.json"))
            .at("/properties/error/properties/class/enum");

    assertThat(classes)
        .extracting(JsonNode::textValue)
        .containsExactlyElementsOf(Stream.of(ErrorClass.values()).map(ErrorClass::wire).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"render-failed", "render-cancelled"})
  void attemptsHasOneDefinition(String schema) {
    assertThat(attempts(schema)).isEqualTo(attempts("render-completed"));
    assertThat(attempts(schema).path("description").textValue()).contains("deliveries");
  }

  private static JsonNode attempts(String schema) {
    return tree(Schemas.FOLDER.resolve(schema + ".schema.json")).at("/properties/attempts");
  }

  @Test
  void theCurvesOfANoiseScheduleEqualThoseOfTheCode() {
    JsonNode curves =
        tree(Schemas.FOLDER.resolve("render-request.schema.json"))
            .at("/$defs/noise_schedule/properties/beta_schedule/enum");

    assertThat(curves)
        .extracting(JsonNode::textValue)
        .containsExactlyElementsOf(
            Stream.of(BetaSchedule.values()).map(BetaSchedule::toString).toList());
  }

  @Test
  void theEffectiveRequestOfTheExampleIsARequest() {
    JsonNode event = tree(Requests.EXAMPLES.resolve("events/completed.json"));

    assertThat(Requests.violations(event.path("request").toString())).isEmpty();
  }

  private static JsonNode tree(Path file) {
    return Schemas.tree(bytes(file));
  }

  private static byte[] bytes(Path file) {
    return Requests.text(file).getBytes(StandardCharsets.UTF_8);
  }
}
