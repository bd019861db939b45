package io.darkroom.app.metrics;

import io.darkroom.kafka.RequestTraces;
import io.darkroom.render.Account;
import io.darkroom.render.Delivery;
import io.darkroom.render.Settlement;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Exports one span per request and a child span per phase when the request is settled. If tracing
 * is off or the publisher did not sample the request, no span is exported and the trace context is
 * passed on as not sampled.
 */
@Singleton
final class OtelTraces implements RequestTraces {
  private static final String NAME = "io.darkroom";

  /** Position of the flags in a {@code traceparent}, and the bit of the flag "sampled". */
  private static final int FLAGS = 53;

  private static final int SAMPLED = 1;

  private final Tracer tracer;
  private final TextMapPropagator propagator;
  private final boolean off;
  private final Clock clock;

  /**
   * Creates traces.
   *
   * @param off whether tracing is off; the tracer of Quarkus records spans even then
   */
  @Inject
  OtelTraces(
      OpenTelemetry telemetry,
      @ConfigProperty(name = "quarkus.otel.sdk.disabled", defaultValue = "false") boolean off,
      Clock clock) {
    this.off = off;
    this.tracer = telemetry.getTracer(NAME);
    this.propagator = telemetry.getPropagators().getTextMapPropagator();
    this.clock = clock;
  }

  @Override
  public Map<String, String> settled(
      Map<String, String> context, Delivery delivery, Settlement settlement) {
    if (off) {
      return unsampled(context);
    }
    Context publisher = propagator.extract(Context.root(), context, new HeaderGetter());
    Span span = request(delivery, settlement).setParent(publisher).startSpan();
    if (!span.isRecording()) {
      return unsampled(context);
    }
    Context inside = publisher.with(span);
    Account account = settlement.account();
    account.laps().forEach(lap -> phase(inside, account.begun(), lap));
    Outcomes.problem(settlement.outcome()).ifPresent(p -> span.setStatus(StatusCode.ERROR));
    span.end(clock.instant());
    Map<String, String> carried = new HashMap<>();
    propagator.inject(inside, carried, (headers, name, value) -> carried.put(name, value));
    return carried;
  }

  /** Returns the context with the flag "sampled" cleared. */
  private static Map<String, String> unsampled(Map<String, String> context) {
    Map<String, String> carried = new HashMap<>(context);
    carried.computeIfPresent("traceparent", (name, parent) -> unsampled(parent));
    return carried;
  }

  private static String unsampled(String parent) {
    int flags = HexFormat.fromHexDigits(parent, FLAGS, FLAGS + 2) & ~SAMPLED;
    String off = HexFormat.of().toHexDigits((byte) flags);
    return parent.substring(0, FLAGS) + off + parent.substring(FLAGS + 2);
  }

  private SpanBuilder request(Delivery delivery, Settlement settlement) {
    Account account = settlement.account();
    return tracer
        .spanBuilder("render")
        .setSpanKind(SpanKind.CONSUMER)
        .setStartTimestamp(delivery.received())
        .setAttribute("darkroom.job", settlement.outcome().subject())
        .setAttribute("darkroom.kind", account.kind().orElse("unknown"))
        .setAttribute("darkroom.model", account.model().orElse("unknown"))
        .setAttribute("darkroom.outcome", Outcomes.name(settlement.outcome()))
        .setAttribute("darkroom.class", Outcomes.errorClass(settlement.outcome()))
        .setAttribute("messaging.source", delivery.source());
  }

  private void phase(Context request, Instant begun, Account.Lap lap) {
    Instant begin = begun.plus(lap.begin());
    tracer
        .spanBuilder(lap.phase().wire())
        .setParent(request)
        .setStartTimestamp(begin)
        .startSpan()
        .end(begin.plus(lap.duration()));
  }

  /** Reads headers for a propagator. */
  private static final class HeaderGetter implements TextMapGetter<Map<String, String>> {

    @Override
    public Iterable<String> keys(Map<String, String> headers) {
      return headers.keySet();
    }

    @Override
    public @Nullable String get(@Nullable Map<String, String> headers, String name) {
      return headers == null ? null : headers.get(name);
    }
  }
}
