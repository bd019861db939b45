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
          Map.entry("darkroom.requests", "Requests that were settled."),
          Map.entry("darkroom.request", "From a record's publication to its outcome."),
          Map.entry("darkroom.phase", "Time of a request in one phase."),
          Map.entry("darkroom.evaluations", "Rows of the denoising network that images needed."),
          Map.entry("darkroom.padding.rows", "Rows that only filled calls up."),
          Map.entry("darkroom.call", "Calls of the denoising network."),
          Map.entry("darkroom.call.rows", "Rows of a call."),
          Map.entry("darkroom.call.requests", "Different requests in a call."),
          Map.entry("darkroom.call.fill.ratio", "Rows of a call over the most it could have."),
          Map.entry("darkroom.evaluation.milliseconds", "Milliseconds of a row, moving mean."),
          Map.entry("darkroom.slots.used", "Images under way."),
          Map.entry("darkroom.slots.limit", "Most images under way."),
          Map.entry("darkroom.bucket.rows", "Rows that wait for a call."),
          Map.entry("darkroom.backlog.device.seconds", "Device time of all waiting evaluations."),
          Map.entry("darkroom.records.held", "Requests in flight."),
          Map.entry("darkroom.records.waiting", "Requests with an image that has no slot yet."),
          Map.entry("darkroom.queue.age.seconds", "Longest wait of a request for a slot."),
          Map.entry("darkroom.previews", "Previews by what became of them."),
          Map.entry("darkroom.store.request", "Requests to the object store."),
          Map.entry("darkroom.store.bytes", "Bytes read from or written to the object store."),
          Map.entry("darkroom.store.errors", "Requests to the object store that failed."),
          Map.entry("darkroom.model.memory.bytes", "Memory of an open package, 0 if closed."),
          Map.entry("darkroom.model.loads", "How often a package was opened."),
          Map.entry("darkroom.self.test.exact", "1 if the self-test found images independent."),
          Map.entry("darkroom.self.test.answers.known", "1 if the known answers were given."),
          Map.entry("darkroom.models.left.out", "Packages that are broken."),
          Map.entry("darkroom.control.messages", "Control messages read."),
          Map.entry("darkroom.withdrawals.kept", "Cancelled requests that are remembered."));

  @Override
  public Meter.Id map(Meter.Id id) {
    @Nullable String help = HELP.get(id.getName());
    return help == null
        ? id
        : new Meter.Id(
            id.getName(), Tags.of(id.getTagsAsIterable()), id.getBaseUnit(), help, id.getType());
  }
}
