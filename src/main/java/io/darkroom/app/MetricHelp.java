package io.darkroom.app;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.inject.Singleton;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What each metric of the worker measures, as scrapers show it. */
@Singleton
final class MetricHelp implements MeterFilter {
  /** By the names that meters are made with. */
  private static final Map<String, String> HELP =
      Map.ofEntries(
          Map.entry("darkroom.requests", "Requests with a terminal event."),
          Map.entry("darkroom.request", "From a record's publication to its outcome."),
          Map.entry("darkroom.phase", "Time of a request in one phase."),
          Map.entry("darkroom.evaluations", "Rows of the denoising network that images needed."),
          Map.entry("darkroom.padding.rows", "Rows that only pad a call."),
          Map.entry("darkroom.call", "Calls of the denoising network."),
          Map.entry("darkroom.call.rows", "Rows of a call."),
          Map.entry("darkroom.call.requests", "Different requests in a call."),
          Map.entry("darkroom.call.fill.ratio", "Rows of a call over its maximum."),
          Map.entry("darkroom.evaluation.milliseconds", "Milliseconds per row, moving average."),
          Map.entry("darkroom.slots.used", "Images that are being denoised."),
          Map.entry(
              "darkroom.slots.limit",
              "Maximum number of images that are denoised at the same time."),
          Map.entry("darkroom.bucket.rows", "Rows that wait for a call."),
          Map.entry("darkroom.backlog.device.seconds", "Device time of all waiting evaluations."),
          Map.entry("darkroom.records.held", "Requests in flight."),
          Map.entry("darkroom.records.waiting", "Requests with an image that has no slot yet."),
          Map.entry("darkroom.queue.age.seconds", "Longest wait of a request for a slot."),
          Map.entry("darkroom.previews", "Previews by outcome."),
          Map.entry("darkroom.store.request", "Requests to the object store."),
          Map.entry("darkroom.store.bytes", "Bytes read from or written to the object store."),
          Map.entry("darkroom.store.errors", "Requests to the object store that failed."),
          Map.entry("darkroom.model.memory.bytes", "Memory of an open package, 0 if closed."),
          Map.entry("darkroom.model.loads", "How often a package was opened."),
          Map.entry(
              "darkroom.self.test.exact", "1 if images do not depend on the rest of their batch."),
          Map.entry("darkroom.self.test.answers.known", "1 if the known answers were given."),
          Map.entry("darkroom.models.left.out", "Broken packages."),
          Map.entry("darkroom.control.messages", "Control messages read."),
          Map.entry("darkroom.withdrawals.kept", "Cancellations in memory."));

  @Override
  public Meter.Id map(Meter.Id id) {
    @Nullable String help = HELP.get(id.getName());
    return help == null
        ? id
        : new Meter.Id(
            id.getName(), Tags.of(id.getTagsAsIterable()), id.getBaseUnit(), help, id.getType());
  }
}
