package io.darkroom.app;

import io.darkroom.render.PreviewFate;
import io.darkroom.render.PreviewObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/** Counts previews by what became of them. */
final class PreviewMeters implements PreviewObserver {
  private final Map<PreviewFate, Counter> counters = new EnumMap<>(PreviewFate.class);

  PreviewMeters(MeterRegistry registry) {
    for (PreviewFate fate : PreviewFate.values()) {
      counters.put(fate, registry.counter("darkroom.previews", "outcome", fate.wire()));
    }
  }

  @Override
  public void ended(PreviewFate fate) {
    Counter counter = counters.get(fate);
    if (counter != null) {
      counter.increment();
    }
  }
}
