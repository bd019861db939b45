package io.darkroom.kafka;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;

/**
 * Checks with the broker whether requests can be consumed as configured, until the check succeeds.
 * Configures a share group so that it reads its topics from the beginning, and committed records
 * only. Used by one thread.
 */
@Singleton
public final class GroupCheck {
  private static final String FEATURE = "share.version";

  /**
   * Name of the key in the configuration of a group. In the configuration of a broker it has a
   * prefix.
   */
  private static final String MOST_DELIVERIES = "share.delivery.count.limit";

  private static final int DEFAULT_DELIVERIES = 5;
  private static final List<ConfigEntry> SETTINGS =
      List.of(
          new ConfigEntry("share.auto.offset.reset", "earliest"),
          new ConfigEntry("share.isolation.level", "read_committed"));

  private static final String UNSUPPORTED =
      "darkroom.kafka.consumption: must be consumer-group, is share-group: the broker has no share"
          + " groups (feature share.version is 0); Kafka 4.2 and later have them";

  private final Consumption consumption;
  private final String group;
  private boolean passed;
  private volatile int mostDeliveries = DEFAULT_DELIVERIES;

  @Inject
  GroupCheck(KafkaSettings settings) {
    this.consumption = settings.consumption();
    this.group = settings.group();
  }

  /**
   * Returns why requests cannot be consumed; empty if they can. After the first success the broker
   * is not asked again.
   *
   * @throws ExecutionException if the broker does not answer
   */
  public Optional<String> problem(Admin admin) throws ExecutionException, InterruptedException {
    if (passed) {
      return Optional.empty();
    }
    boolean shares = consumption == Consumption.SHARE_GROUP;
    Optional<String> problem =
        shares && !supported(admin) ? Optional.of(UNSUPPORTED) : Optional.empty();
    if (problem.isEmpty()) {
      problem = otherType(admin);
    }
    if (problem.isEmpty() && shares) {
      problem = configure(admin);
    }
    passed = problem.isEmpty();
    return problem;
  }

  /** Returns the number of deliveries of one record after which the broker drops it silently. */
  int mostDeliveries() {
    return mostDeliveries;
  }

  private static boolean supported(Admin admin) throws ExecutionException, InterruptedException {
    FinalizedVersionRange version =
        admin.describeFeatures().featureMetadata().get().finalizedFeatures().get(FEATURE);
    return version != null && version.maxVersionLevel() > 0;
  }

  /**
   * Returns the problem of a group that has another type. A group keeps its type while it has
   * members or offsets.
   */
  private Optional<String> otherType(Admin admin) throws ExecutionException, InterruptedException {
    Collection<GroupListing> groups = admin.listGroups().all().get();
    return groups.stream()
        .filter(each -> each.groupId().equals(group))
        .flatMap(each -> each.type().stream())
        .filter(type -> (type == GroupType.SHARE) != (consumption == Consumption.SHARE_GROUP))
        .map(
            type ->
                "darkroom.kafka.group: must be a group of another name or be deleted, is %s, a %s group"
                    .formatted(group, type.toString().toLowerCase(Locale.ROOT)))
        .findFirst();
  }

  private Optional<String> configure(Admin admin) throws ExecutionException, InterruptedException {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);
    try {
      Config config = describe(admin, resource);
      List<AlterConfigOp> changes =
          SETTINGS.stream()
              .filter(wanted -> differs(config.get(wanted.name()), wanted))
              .map(wanted -> new AlterConfigOp(wanted, AlterConfigOp.OpType.SET))
              .toList();
      if (!changes.isEmpty()) {
        admin.incrementalAlterConfigs(Map.of(resource, changes)).all().get();
      }
      mostDeliveries = mostDeliveries(admin, config);
      return Optional.empty();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AuthorizationException refused) {
        return Optional.of(
            "darkroom.kafka.group: needs the permissions DESCRIBE_CONFIGS and ALTER_CONFIGS on the"
                + " group, to set share.auto.offset.reset=earliest and"
                + " share.isolation.level=read_committed: "
                + refused.getMessage());
      }
      throw e;
    }
  }

  /**
   * Returns whether a key has another value. A broker that does not know a key does not list it.
   */
  private static boolean differs(@Nullable ConfigEntry entry, ConfigEntry wanted) {
    return entry != null && !wanted.value().equals(entry.value());
  }

  /**
   * Reads the limit from the group (Kafka 4.3 or later) or from the broker, if the worker may read
   * its configuration.
   */
  private static int mostDeliveries(Admin admin, Config ofGroup)
      throws ExecutionException, InterruptedException {
    ConfigEntry entry = ofGroup.get(MOST_DELIVERIES);
    if (entry == null) {
      try {
        Node node = admin.describeCluster().nodes().get().iterator().next();
        ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, node.idString());
        entry = describe(admin, broker).get("group." + MOST_DELIVERIES);
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof AuthorizationException)) {
          throw e;
        }
      }
    }
    return entry == null || entry.value() == null
        ? DEFAULT_DELIVERIES
        : Integer.parseInt(entry.value());
  }

  private static Config describe(Admin admin, ConfigResource resource)
      throws ExecutionException, InterruptedException {
    return Objects.requireNonNull(
        admin.describeConfigs(List.of(resource)).all().get().get(resource));
  }
}
