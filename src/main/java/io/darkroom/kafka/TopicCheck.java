package io.darkroom.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Checks the topics of a worker: whether they exist, whether the worker may use them, and whether
 * their configuration suits their use. Blocks the calling thread.
 */
public final class TopicCheck {
  private static final String CLEANUP = "cleanup.policy";
  private static final String LARGEST = "max.message.bytes";

  private final List<Rule> rules;
  private final int recordBytes;

  /**
   * @param recordBytes size of the largest request; its event and its dead letter contain it
   */
  public TopicCheck(TopicNames topics, int recordBytes) {
    this.recordBytes = recordBytes;
    Stream<Rule> requests =
        topics.requests().stream().map(each -> new Rule(each, AclOperation.READ, Use.NEEDED));
    Stream<Rule> others =
        Stream.of(
            new Rule(topics.events(), AclOperation.WRITE, Use.NEEDED_LARGE),
            new Rule(topics.deadLetters(), AclOperation.WRITE, Use.DEAD_LETTERS),
            new Rule(topics.progress(), AclOperation.WRITE, Use.OPTIONAL),
            new Rule(topics.control(), AclOperation.READ, Use.OPTIONAL),
            new Rule(topics.retries(), AclOperation.WRITE, Use.OPTIONAL),
            new Rule(topics.attempts(), AclOperation.WRITE, Use.LAST_VALUES));
    this.rules = Stream.concat(requests, others).toList();
  }

  /** How a topic is used. */
  private enum Use {
    /** No request begins if the topic is not usable. */
    NEEDED,
    /** Like NEEDED; its records contain requests. */
    NEEDED_LARGE,
    /** Like NEEDED_LARGE; its records may have no key, which a compacted topic refuses. */
    DEAD_LETTERS,
    /** If the topic is not usable, one function is disabled, but requests are rendered. */
    OPTIONAL,
    /**
     * Like OPTIONAL; the topic must be compacted, because only the last record of a key is needed.
     */
    LAST_VALUES
  }

  private record Rule(String topic, AclOperation operation, Use use) {
    boolean needed() {
      return use != Use.OPTIONAL && use != Use.LAST_VALUES;
    }

    boolean large() {
      return use == Use.NEEDED_LARGE || use == Use.DEAD_LETTERS;
    }
  }

  /**
   * The problems that were found. Each message names the topic and the remedy.
   *
   * @param stops problems that prevent requests from beginning
   * @param warnings problems that disable one function
   */
  public record Report(List<String> stops, List<String> warnings) {
    public Report {
      stops = List.copyOf(stops);
      warnings = List.copyOf(warnings);
    }

    /** Returns the report with one more stop, if there is one. */
    public Report withStop(Optional<String> more) {
      return new Report(Stream.concat(stops.stream(), more.stream()).toList(), warnings);
    }

    /** Returns all stops as one text; empty if there are none. */
    public Optional<String> stop() {
      return stops.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", stops));
    }
  }

  /**
   * Checks all topics.
   *
   * @throws ExecutionException if the broker does not answer
   */
  public Report check(Admin admin) throws ExecutionException, InterruptedException {
    List<String> names = rules.stream().map(Rule::topic).toList();
    Map<String, KafkaFuture<TopicDescription>> described =
        admin
            .describeTopics(names, new DescribeTopicsOptions().includeAuthorizedOperations(true))
            .topicNameValues();
    Map<ConfigResource, KafkaFuture<Config>> configs =
        admin.describeConfigs(names.stream().map(TopicState::resource).toList()).values();
    Findings findings = new Findings();
    for (Rule rule : rules) {
      findings.of(
          rule,
          Objects.requireNonNull(described.get(rule.topic())),
          Objects.requireNonNull(configs.get(TopicState.resource(rule.topic()))));
    }
    return new Report(findings.stops, findings.warnings);
  }

  private final class Findings {
    private final List<String> stops = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    void of(Rule rule, KafkaFuture<TopicDescription> description, KafkaFuture<Config> config)
        throws ExecutionException, InterruptedException {
      try {
        checkPermission(rule, description.get());
        checkConfiguration(rule, config);
      } catch (ExecutionException e) {
        add(rule.needed(), rule, unusable(e));
      }
    }

    private void checkPermission(Rule rule, TopicDescription topic) {
      Set<AclOperation> operations = topic.authorizedOperations();
      // Brokers that do not report operations return null.
      if (operations != null && !operations.contains(rule.operation())) {
        String may = operations.stream().map(AclOperation::name).sorted().collect(joined());
        add(rule.needed(), rule, "needs the permission " + rule.operation() + ", has " + may);
      }
    }

    private void checkConfiguration(Rule rule, KafkaFuture<Config> config)
        throws InterruptedException {
      try {
        Config entries = config.get();
        checkCleanupPolicy(rule, entries);
        checkRecordSize(rule, entries);
      } catch (ExecutionException notAllowed) {
        // The permission to read configurations is optional.
      }
    }

    private void checkCleanupPolicy(Rule rule, Config config) {
      String policy = value(config, CLEANUP);
      boolean compacts = policy.contains("compact");
      if (rule.use() == Use.LAST_VALUES) {
        if (!compacts && !policy.isEmpty()) {
          add(false, rule, CLEANUP + " must be compact, is " + policy);
        }
      } else if (compacts) {
        boolean anyKey = rule.use() == Use.DEAD_LETTERS;
        String why =
            anyKey
                ? ": it refuses records without a key"
                : ": compaction removes records that share a key";
        add(anyKey, rule, CLEANUP + " must be delete, is " + policy + why);
      }
    }

    private void checkRecordSize(Rule rule, Config config) {
      String largest = value(config, LARGEST);
      if (rule.large() && !largest.isEmpty() && Long.parseLong(largest) < recordBytes) {
        String bound = "must be at least darkroom.limits.request-bytes=" + recordBytes;
        add(false, rule, LARGEST + " " + bound + ", is " + largest);
      }
    }

    private void add(boolean stop, Rule rule, String problem) {
      (stop ? stops : warnings).add(rule.topic() + ": " + problem);
    }
  }

  /** Returns the problem of a topic. Rethrows the exception if the broker did not answer. */
  private static String unusable(ExecutionException e) throws ExecutionException {
    if (e.getCause() instanceof UnknownTopicOrPartitionException) {
      return "does not exist; create it, or set darkroom.kafka.create-topics=true";
    }
    if (e.getCause() instanceof TopicAuthorizationException) {
      return "needs the permission DESCRIBE";
    }
    throw e;
  }

  private static String value(Config config, String name) {
    ConfigEntry entry = config.get(name);
    return entry == null || entry.value() == null ? "" : entry.value();
  }

  private static Collector<CharSequence, ?, String> joined() {
    return Collectors.joining(", ");
  }
}
