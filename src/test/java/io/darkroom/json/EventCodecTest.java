package io.darkroom.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.darkroom.job.ErrorClass;
import io.darkroom.job.Preview;
import io.darkroom.job.Problem;
import io.darkroom.job.RenderOutcome;
import io.darkroom.job.Violation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EventCodecTest {
  private static final Optional<Instant> LATER =
      Optional.of(Instant.parse("2026-11-21T13:00:00.250123Z"));

  private static final EventCodec CODEC = new EventCodec("/darkroom/worker-1");
  private static final Instant TIME = Instant.parse("2030-01-31T12:00:00.5Z");
  private static final String DIGEST = "0123456789abcdef".repeat(4);
  private static final Problem PROBLEM =
      new Problem(
          ErrorClass.INVALID,
          "two things are wrong",
          List.of(new Violation("/seed", "must be"), new Violation("", "is")));

  @Test
  void aTerminalEventHasTheHeadersOfACloudEventInBinaryMode() {
    RenderOutcome outcome = new RenderOutcome.Failed("r-1", DIGEST, PROBLEM);

    EventAttributes attributes = CODEC.terminal(outcome, 2, TIME).attributes();

    // Of printf 'r-1\n<digest>\nio.darkroom.render.failed.v1\ninvalid' | sha256sum, 32 digits.
    assertThat(attributes.kafkaHeaders())
        .containsExactly(
            Map.entry("ce_specversion", "1.0"),
            Map.entry("ce_id", "15cf15a757f47a0e1740e0e3a0091eaa"),
            Map.entry("ce_source", "/darkroom/worker-1"),
            Map.entry("ce_type", "io.darkroom.render.failed.v1"),
            Map.entry("ce_subject", "r-1"),
            Map.entry("ce_time", "2030-01-31T12:00:00.500Z"),
            Map.entry("content-type", "application/json"));
    assertThat(attributes.named())
        .containsEntry("subject", "r-1")
        .containsEntry("datacontenttype", "application/json")
        .hasSize(7);
  }

  @Test
  void theIdDependsOnlyOnRequestTypeAndClass() {
    String id = id(new RenderOutcome.Failed("r-1", DIGEST, PROBLEM));
    Problem sameClass = Problem.of(ErrorClass.INVALID, "something else");
    Problem otherClass = Problem.of(ErrorClass.NUMERIC, PROBLEM.message());

    assertThat(id(new RenderOutcome.Failed("r-1", DIGEST, sameClass))).isEqualTo(id);
    assertThat(
            Stream.of(
                    new RenderOutcome.Failed("r-1", DIGEST, PROBLEM),
                    new RenderOutcome.Failed("r-1", DIGEST, otherClass),
                    new RenderOutcome.Failed("r-2", DIGEST, PROBLEM),
                    new RenderOutcome.Failed("r-1", "", PROBLEM),
                    new RenderOutcome.Rejected("r-1", DIGEST, PROBLEM),
                    new RenderOutcome.Cancelled("r-1", DIGEST, 5),
                    new RenderOutcome.Completed(Manifests.SAMPLE, false))
                .map(EventCodecTest::id))
        .doesNotHaveDuplicates();
    assertThat(id(new RenderOutcome.Cancelled("r-1", DIGEST, 5)))
        .isEqualTo(id(new RenderOutcome.Cancelled("r-1", DIGEST, 6)));
    assertThat(id(new RenderOutcome.Completed(Manifests.SAMPLE, false)))
        .isEqualTo(id(new RenderOutcome.Completed(Manifests.SAMPLE, true)));
  }

  @Test
  void completedCarriesTheManifest() {
    CloudEvent event = CODEC.terminal(new RenderOutcome.Completed(Manifests.SAMPLE, true), 2, TIME);

    assertThat(event.attributes().type()).isEqualTo("io.darkroom.render.completed.v1");
    assertThat(event.data()).isEqualTo(ManifestCodec.write(Manifests.SAMPLE));
    Schemas.assertValid("render-completed", event.data());
  }

  @Test
  void completedMayContainAnExpiringAddressAndTheDurableOne() {
    var signing =
        new EventCodec.Signing(
            uri -> uri.replace("s3://", "https://store/") + "?signed", Duration.ofMinutes(10));
    EventCodec signs = new EventCodec("/darkroom/worker-1", Optional.of(signing));
    RenderOutcome outcome = new RenderOutcome.Completed(Manifests.SAMPLE, true);

    CloudEvent event = signs.terminal(outcome, 2, TIME);

    Schemas.assertValid("render-completed", event.data());
    assertThat(event.attributes()).isEqualTo(CODEC.terminal(outcome, 2, TIME).attributes());
    assertThat(Schemas.tree(event.data()).path("outputs"))
        .isNotEmpty()
        .allSatisfy(
            output -> {
              String uri = output.path("uri").asText();
              assertThat(uri).startsWith("s3://");
              assertThat(output.path("presigned_url").asText())
                  .isEqualTo("https://store/" + uri.substring(5) + "?signed");
              assertThat(output.path("presigned_until").asText()).isEqualTo("2030-01-31T12:10:00Z");
            });
    assertThat(new String(ManifestCodec.write(Manifests.SAMPLE), UTF_8))
        .doesNotContain("presigned");
  }

  @ParameterizedTest
  @EnumSource(ErrorClass.class)
  void failedAndRejectedCarryTheProblemOfAnyClass(ErrorClass kind) {
    Problem problem = Problem.of(kind, "it went wrong");
    byte[] failed = data(new RenderOutcome.Failed("r-1", DIGEST, problem));
    byte[] rejected = data(new RenderOutcome.Rejected("r-1", DIGEST, problem));

    Schemas.assertValid("render-failed", failed);
    Schemas.assertValid("render-rejected", rejected);
    String problemJson =
        "{\"request_id\":\"r-1\",\"request_sha256\":\"%s\",\"error\":{\"class\":\"%s\","
                .formatted(DIGEST, kind.wire())
            + "\"message\":\"it went wrong\",\"violations\":[],\"retryable\":"
            + kind.retryable()
            + "}";
    assertThat(new String(failed, UTF_8))
        .isEqualTo(problemJson + ",\"model_evaluations\":0,\"attempts\":2}");
    assertThat(new String(rejected, UTF_8)).isEqualTo(problemJson + "}");
  }

  @Test
  void violationsKeepPointerAndMessage() {
    JsonNode error =
        Schemas.tree(data(new RenderOutcome.Rejected("r-1", DIGEST, PROBLEM))).path("error");

    assertThat(error.path("violations").toString())
        .isEqualTo(
            "[{\"pointer\":\"/seed\",\"message\":\"must be\"},{\"pointer\":\"\",\"message\":\"is\"}]");
    assertThat(error.path("retryable").booleanValue()).isFalse();
  }

  @Test
  void theSubjectOfARequestWithoutAnIdIsItsOffset() {
    RenderOutcome outcome = new RenderOutcome.Rejected("darkroom.requests/3/1234", "", PROBLEM);

    CloudEvent event = CODEC.terminal(outcome, 2, TIME);

    assertThat(event.attributes().subject()).isEqualTo("darkroom.requests/3/1234");
    assertThat(Schemas.tree(event.data()).properties())
        .extracting(Map.Entry::getKey)
        .containsExactly("error");
    Schemas.assertValid("render-rejected", event.data());
  }

  @Test
  void cancelledHasEvaluationsAndAttempts() {
    byte[] data = data(new RenderOutcome.Cancelled("r-1", DIGEST, 14));

    Schemas.assertValid("render-cancelled", data);
    assertThat(Schemas.tree(data).path("model_evaluations").intValue()).isEqualTo(14);
    assertThat(Schemas.tree(data).at("/error/class").textValue()).isEqualTo("cancelled");
    assertThat(Schemas.tree(data).path("attempts").intValue()).isEqualTo(2);
  }

  @Test
  void progressCountsEvaluations() {
    CloudEvent started = CODEC.started("r-1", 20, LATER, TIME);
    CloudEvent progressed =
        CODEC.progressed("r-1", new EventCodec.Evaluations(12, 20), LATER, Optional.empty(), TIME);

    Schemas.assertValid("render-started", started.data());
    Schemas.assertValid("render-progressed", progressed.data());
    assertThat(started.attributes().type()).isEqualTo("io.darkroom.render.started.v1");
    assertThat(progressed.attributes().type()).isEqualTo("io.darkroom.render.progressed.v1");
    assertThat(progressed.attributes().subject()).isEqualTo("r-1");
    assertThat(new String(progressed.data(), UTF_8))
        .isEqualTo(
            "{\"request_id\":\"r-1\",\"evaluations_done\":12,\"evaluations_wanted\":20,"
                + "\"estimated_finish\":\"2026-11-21T13:00:00.250Z\"}");
  }

  @Test
  void progressCarriesAPreview() {
    Preview preview =
        new Preview(2, 12, "s3://darkroom/r-1/previews/2-12.png", "image/png", 64, 48, 1234);

    byte[] data =
        CODEC
            .progressed(
                "r-1",
                new EventCodec.Evaluations(12, 20),
                Optional.empty(),
                Optional.of(preview),
                TIME)
            .data();

    Schemas.assertValid("render-progressed", data);
    assertThat(Schemas.tree(data).path("preview").toString())
        .isEqualTo(
            "{\"index\":2,\"step\":12,\"uri\":\"s3://darkroom/r-1/previews/2-12.png\","
                + "\"media_type\":\"image/png\",\"width\":64,\"height\":48,\"bytes\":1234}");
  }

  @Test
  void noTwoProgressEventsHaveTheSameId() {
    assertThat(
            Stream.of(
                    CODEC.started("r-1", 20, LATER, TIME),
                    CODEC.started("r-1", 20, LATER, TIME.plusMillis(1)),
                    CODEC.progressed(
                        "r-1", new EventCodec.Evaluations(1, 20), LATER, Optional.empty(), TIME),
                    CODEC.progressed(
                        "r-1", new EventCodec.Evaluations(2, 20), LATER, Optional.empty(), TIME),
                    CODEC.progressed(
                        "r-2", new EventCodec.Evaluations(1, 20), LATER, Optional.empty(), TIME))
                .map(event -> event.attributes().id()))
        .doesNotHaveDuplicates();
  }

  @Test
  void aMessageThatUtf8CannotEncodeIsWritten() {
    Problem problem = Problem.of(ErrorClass.INTERNAL, "half \ud83d");

    byte[] data = data(new RenderOutcome.Failed("r-1", DIGEST, problem));

    assertThat(Schemas.tree(data).at("/error/message").textValue()).isEqualTo("half ?");
  }

  @Test
  void theIdDoesNotDependOnAttempts() {
    RenderOutcome outcome = new RenderOutcome.Failed("r-1", DIGEST, PROBLEM);

    assertThat(CODEC.terminal(outcome, 3, TIME).attributes())
        .isEqualTo(CODEC.terminal(outcome, 1, TIME).attributes());
  }

  private static String id(RenderOutcome outcome) {
    return CODEC.terminal(outcome, 2, TIME).attributes().id();
  }

  private static byte[] data(RenderOutcome outcome) {
    return EventCodec.data(outcome, 2);
  }
}
