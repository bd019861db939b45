package io.darkroom.app.fleet;

import io.darkroom.kafka.Backlog;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.common.TopicPartition;

/** Formats a backlog in the text format of Prometheus. */
public final class BacklogPage {
  private static final Backlog.OfModel NOTHING = new Backlog.OfModel(0, 0, Instant.MAX);

  private BacklogPage() {}

  /**
   * Returns the metrics of a backlog.
   *
   * @param models models that have a line even if nothing waits for them
   */
  public static String of(Backlog backlog, Collection<String> models, Instant now) {
    Map<String, Backlog.OfModel> all = new TreeMap<>();
    models.forEach(model -> all.put(model, NOTHING));
    all.putAll(backlog.models());
    StringBuilder page = new StringBuilder();
    gauge(
        page,
        "darkroom_fleet_backlog_device_seconds",
        "Device time of all requests that are not acknowledged.",
        all,
        Backlog.OfModel::deviceSeconds);
    gauge(
        page,
        "darkroom_fleet_oldest_seconds",
        "Age of the oldest request that is not acknowledged.",
        all,
        model -> age(model.oldest(), now));
    gauge(
        page,
        "darkroom_fleet_requests",
        "Requests that are not acknowledged.",
        all,
        Backlog.OfModel::requests);
    head(page, "darkroom_fleet_requests_uncosted", "Requests whose device time is not known.");
    page.append("darkroom_fleet_requests_uncosted ")
        .append(number(backlog.uncosted()))
        .append('\n');
    head(page, "darkroom_fleet_lag_records", "Records between the group's offset and the end.");
    backlog.lag().entrySet().stream()
        .sorted(Comparator.comparing(each -> each.getKey().toString()))
        .forEach(each -> page.append(lag(each.getKey(), each.getValue())));
    return page.toString();
  }

  private static String lag(TopicPartition partition, long records) {
    return "darkroom_fleet_lag_records{topic=\"%s\",partition=\"%d\"} %d\n"
        .formatted(partition.topic(), partition.partition(), records);
  }

  private static double age(Instant oldest, Instant now) {
    return oldest.equals(Instant.MAX)
        ? 0
        : Math.max(0, Duration.between(oldest, now).toMillis() / 1e3);
  }

  private static void gauge(
      StringBuilder page,
      String name,
      String help,
      Map<String, Backlog.OfModel> models,
      ToDoubleFunction<Backlog.OfModel> value) {
    head(page, name, help);
    models.forEach(
        (model, of) ->
            page.append(name)
                .append("{model=\"")
                .append(model)
                .append("\"} ")
                .append(number(value.applyAsDouble(of)))
                .append('\n'));
  }

  private static void head(StringBuilder page, String name, String help) {
    page.append("# HELP ").append(name).append(' ').append(help).append('\n');
    page.append("# TYPE ").append(name).append(" gauge\n");
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
