package io.darkroom.app.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.job.RenderOutcome;
import io.darkroom.render.Account;
import io.darkroom.render.Bytes;
import io.darkroom.render.Delivery;
import io.darkroom.render.Settlement;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests the trace headers of events while tracing is off; ObservedWorkerIT tests them while it is
 * on.
 */
class OtelTracesTest {
  private static final String PLACE = "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7";
  private static final Delivery DELIVERY =
      new Delivery("requests/0/0", "", new Bytes(new byte[0]), Instant.EPOCH, Instant.EPOCH);
  private static final Settlement SETTLEMENT =
      new Settlement(
          new RenderOutcome.Cancelled("cat", "0".repeat(64), 0),
          false,
          Account.empty(Instant.EPOCH));

  private final OtelTraces traces = traces(false, OpenTelemetry.noop());

  private static OtelTraces traces(boolean off, OpenTelemetry telemetry) {
    return new OtelTraces(telemetry, off, Clock.systemUTC());
  }

  @ParameterizedTest
  @CsvSource({"00,01,00", "00,00,00", "00,03,02", "cc,ff,fe"})
  void anEventOfAWorkerThatDoesNotTraceIsNotSampled(String version, String flags, String off) {
    String parent = version + "-" + PLACE + "-";

    assertThat(
            traces.settled(
                Map.of("traceparent", parent + flags, "tracestate", "a=1"), DELIVERY, SETTLEMENT))
        .isEqualTo(Map.of("traceparent", parent + off, "tracestate", "a=1"));
  }

  @Test
  void telemetryIsNotUsedWhileTracingIsOff() {
    OpenTelemetry recording =
        OpenTelemetrySdk.builder().setTracerProvider(SdkTracerProvider.builder().build()).build();

    assertThat(traces(true, recording).settled(Map.of(), DELIVERY, SETTLEMENT)).isEmpty();
    assertThat(
            traces(true, recording)
                .settled(Map.of("traceparent", "00-" + PLACE + "-01"), DELIVERY, SETTLEMENT))
        .isEqualTo(Map.of("traceparent", "00-" + PLACE + "-00"));
  }

  @Test
  void aRequestWithoutATraceHasAnEventWithoutOne() {
    assertThat(traces.settled(Map.of(), DELIVERY, SETTLEMENT)).isEmpty();
  }
}
