package io.darkroom.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AsyncApiTest {
  private static final JsonNode DOCUMENT = document();

  @Test
  void itIsAnAsyncApi3Document() {
    assertThat(DOCUMENT.path("asyncapi").textValue()).isEqualTo("3.0.0");
    assertThat(DOCUMENT.at("/info/title").textValue()).isEqualTo("Darkroom");
    assertThat(DOCUMENT.at("/info/version").isTextual()).isTrue();
  }

  @Test
  void everyTopicOfTheContractIsAChannelWithAnOperation() {
    assertThat(DOCUMENT.path("channels").findValuesAsText("address"))
        .containsExactlyInAnyOrder(
            "darkroom.requests",
            "darkroom.events",
            "darkroom.progress",
            "darkroom.control",
            "darkroom.dead-letters");
    List<String> operated = DOCUMENT.path("operations").findValuesAsText("$ref");
    for (var channel : DOCUMENT.path("channels").properties()) {
      assertThat(operated).contains("#/channels/" + channel.getKey());
      assertThat(channel.getValue().at("/bindings/kafka/topic"))
          .isEqualTo(channel.getValue().path("address"));
    }
  }

  @Test
  void everyReferenceResolves() {
    assertThat(DOCUMENT.findValuesAsText("$ref")).hasSizeGreaterThan(30);
    for (String reference : DOCUMENT.findValuesAsText("$ref")) {
      boolean resolves =
          reference.startsWith("#")
              ? !DOCUMENT.at(reference.substring(1)).isMissingNode()
              : Files.exists(Schemas.FOLDER.resolve(reference));
      assertThat(resolves).as(reference).isTrue();
    }
  }

  @Test
  void everySchemaExceptOfReportsIsThePayloadOfAMessage() {
    List<String> references = DOCUMENT.at("/components/messages").findValuesAsText("$ref");

    assertThat(references)
        .containsAll(
            Requests.files(Schemas.FOLDER).stream()
                .map(file -> file.getFileName().toString())
                .filter(name -> !name.endsWith("-report.schema.json"))
                .toList());
  }

  @Test
  void theTypesOfEventsAreTheWrittenOnes() {
    List<String> written = Stream.of(EventType.values()).map(EventType::wire).toList();

    assertThat(DOCUMENT.at("/components/schemas/eventHeaders/properties/ce_type/enum"))
        .extracting(JsonNode::textValue)
        .containsExactlyElementsOf(written);
    assertThat(DOCUMENT.at("/components/messages").findValuesAsText("name")).containsAll(written);
  }

  @Test
  void theHeadersOfEventsAreTheWrittenOnes() {
    EventAttributes attributes =
        new EventCodec("/a").started("r-1", 1, Optional.empty(), Instant.EPOCH).attributes();

    assertThat(DOCUMENT.at("/components/schemas/eventHeaders/required"))
        .extracting(JsonNode::textValue)
        .containsExactlyElementsOf(attributes.kafkaHeaders().keySet());
  }

  private static JsonNode document() {
    Path file = Schemas.FOLDER.resolve("asyncapi.yaml");
    try {
      return new YAMLMapper().readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
