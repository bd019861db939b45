package io.darkroom;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/** A Kafka broker and controller in this process, with its log in a folder. */
public final class LocalKafka implements AutoCloseable {
  /** The user that clients are if nothing else is said. */
  public static final String WORKER = "worker";

  /** Settings with which every operation needs an ACL, except for {@link #ADMIN}. */
  public static final Map<String, Object> CLOSED =
      Map.of(
          "authorizer.class.name",
          "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
          // The controller's listener knows no users.
          "super.users",
          "User:admin;User:ANONYMOUS");

  /** The user of the broker itself, who may do everything. */
  public static final String ADMIN = "admin";

  private static final String CONTROLLER = "CONTROLLER";

  /** All have the same password. The names with {@code darkroom} are those of deploy/access. */
  private static final List<String> USERS =
      List.of(
          ADMIN,
          WORKER,
          "darkroom",
          "darkroom-setup",
          "darkroom-exporter",
          "darkroom-console",
          "publisher");

  private final int port;
  private final Optional<LocalCertificate> certificate;
  private final KafkaRaftServer server;

  /**
   * Starts on a port, or on any free one if it is 0. A broker that is started again on the same
   * folder has the same topics and records.
   *
   * @throws IllegalStateException if the port is in use
   */
  public LocalKafka(Path folder, int port) throws Exception {
    this(folder, port, Optional.empty(), Map.of());
  }

  /** Starts a broker with further settings. */
  public LocalKafka(Path folder, int port, Map<String, Object> settings) throws Exception {
    this(folder, port, Optional.empty(), settings);
  }

  /** Starts a broker with TLS, for clients with a name and a password. */
  public LocalKafka(Path folder, int port, LocalCertificate certificate) throws Exception {
    this(folder, port, Optional.of(certificate), Map.of());
  }

  /** Starts a broker with TLS and further settings. */
  public LocalKafka(
      Path folder, int port, LocalCertificate certificate, Map<String, Object> settings)
      throws Exception {
    this(folder, port, Optional.of(certificate), settings);
  }

  private LocalKafka(
      Path folder, int port, Optional<LocalCertificate> certificate, Map<String, Object> settings)
      throws Exception {
    this.port = Ports.take("Kafka", port);
    this.certificate = certificate;
    int controllerPort = Ports.take("Kafka's controller", Ports.ANY);
    if (!Files.exists(folder.resolve("meta.properties"))) {
      format(Files.createDirectories(folder));
    }
    Map<String, Object> config = config(folder, this.port, controllerPort);
    certificate.ifPresent(each -> secure(each, config));
    config.putAll(settings);
    server = new KafkaRaftServer(new KafkaConfig(config), Time.SYSTEM);
    server.startup();
  }

  /** Returns the bootstrap address for clients. */
  public String bootstrapServers() {
    return "localhost:" + port;
  }

  /** Returns the connection settings of clients, by Kafka's names. */
  public Map<String, Object> client() {
    return client(WORKER);
  }

  /** Returns the connection settings of the clients of a user. */
  public Map<String, Object> client(String user) {
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", bootstrapServers());
    certificate.ifPresent(
        each -> {
          config.put("security.protocol", "SASL_SSL");
          config.put("sasl.mechanism", "PLAIN");
          config.put("sasl.jaas.config", jaas(user, ""));
          config.put("ssl.truststore.type", "PEM");
          config.put("ssl.truststore.location", each.pem().toString());
        });
    return config;
  }

  /** Returns the environment variables of a worker that connects as a user. */
  public Map<String, String> environment(String user) {
    Map<String, String> environment = new HashMap<>();
    client(user)
        .forEach(
            (key, value) ->
                environment.put(
                    "KAFKA_" + key.replace('.', '_').toUpperCase(Locale.ROOT), value.toString()));
    environment.remove("KAFKA_BOOTSTRAP_SERVERS");
    environment.put("DARKROOM_KAFKA_BOOTSTRAP_SERVERS", bootstrapServers());
    return environment;
  }

  /** Creates topics; existing ones are not changed. */
  public void createTopics(Collection<String> names, int partitions) throws InterruptedException {
    try (Admin admin = Admin.create(client(ADMIN))) {
      Set<String> there = admin.listTopics().names().get();
      List<NewTopic> missing =
          names.stream()
              .filter(name -> !there.contains(name))
              .map(name -> topic(name, partitions))
              .toList();
      admin.createTopics(missing).all().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("Kafka: topics could not be created", e);
    }
  }

  private static NewTopic topic(String name, int partitions) {
    String policy = name.endsWith(".attempts") ? "compact" : "delete";
    return new NewTopic(name, partitions, (short) 1).configs(Map.of("cleanup.policy", policy));
  }

  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }

  private static void format(Path folder) throws Exception {
    try (PrintStream silent =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      new Formatter()
          .setPrintStream(silent)
          .setNodeId(1)
          .setClusterId(Uuid.randomUuid().toString())
          .setControllerListenerName(CONTROLLER)
          .addDirectory(folder.toString())
          .setMetadataLogDirectory(folder.toString())
          .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
          .run();
    }
  }

  private static void secure(LocalCertificate certificate, Map<String, Object> config) {
    config.put("listener.security.protocol.map", "BROKER:SASL_SSL," + CONTROLLER + ":PLAINTEXT");
    config.put("sasl.enabled.mechanisms", "PLAIN");
    config.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
    config.put("listener.name.broker.plain.sasl.jaas.config", jaas(ADMIN, passwords()));
    config.put("ssl.keystore.type", "PKCS12");
    config.put("ssl.keystore.location", certificate.keyStore().toString());
    config.put("ssl.keystore.password", LocalCertificate.PASSWORD);
    config.put("ssl.truststore.type", "PEM");
    config.put("ssl.truststore.location", certificate.pem().toString());
  }

  private static String passwords() {
    return USERS.stream()
        .map(user -> " user_" + user + "=\"a-password\"")
        .collect(Collectors.joining());
  }

  private static String jaas(String user, String users) {
    return "org.apache.kafka.common.security.plain.PlainLoginModule required"
        + " username=\"%s\" password=\"a-password\"%s;".formatted(user, users);
  }

  private static Map<String, Object> config(Path folder, int port, int controllerPort) {
    Map<String, Object> config = new HashMap<>();
    config.put("process.roles", "broker,controller");
    config.put("node.id", "1");
    config.put("controller.quorum.voters", "1@localhost:" + controllerPort);
    config.put(
        "listeners",
        "BROKER://localhost:" + port + "," + CONTROLLER + "://localhost:" + controllerPort);
    config.put("listener.security.protocol.map", "BROKER:PLAINTEXT," + CONTROLLER + ":PLAINTEXT");
    config.put("controller.listener.names", CONTROLLER);
    config.put("inter.broker.listener.name", "BROKER");
    config.put("log.dirs", folder.toString());
    config.put("offsets.topic.replication.factor", "1");
    config.put("offsets.topic.num.partitions", "1");
    config.put("transaction.state.log.replication.factor", "1");
    config.put("transaction.state.log.min.isr", "1");
    config.put("transaction.state.log.num.partitions", "1");
    config.put("share.coordinator.state.topic.replication.factor", "1");
    config.put("share.coordinator.state.topic.min.isr", "1");
    config.put("share.coordinator.state.topic.num.partitions", "1");
    config.put("group.initial.rebalance.delay.ms", "0");
    config.put("auto.create.topics.enable", "false");
    config.put("broker.session.timeout.ms", "30000");
    // The default takes 128 MB at the start.
    config.put("log.cleaner.dedupe.buffer.size", "2097152");
    return config;
  }
}
