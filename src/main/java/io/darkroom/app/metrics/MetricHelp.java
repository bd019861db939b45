package io.darkroom.app.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Gives each meter the help text of its {@link Metric}. */
@Singleton
final class MetricHelp implements MeterFilter {
  private static final Map<String, String> HELP =
      Arrays.stream(Metric.values()).collect(Collectors.toMap(Metric::id, Metric::help));

  @Override
  public Meter.Id map(Meter.Id id) {
    @Nullable String help = HELP.get(id.getName());
    return help == null
        ? id
        : new Meter.Id(
            id.getName(), Tags.of(id.getTagsAsIterable()), id.getBaseUnit(), help, id.getType());
  }
}
