package io.darkroom.app.cli;

import io.darkroom.app.Configured;
import io.darkroom.app.DarkroomConfig;
import io.darkroom.app.Version;
import io.darkroom.kafka.AdminClients;
import io.darkroom.kafka.TopicCheck;
import io.darkroom.kafka.TopicCreation;
import io.darkroom.kafka.TopicSizes;
import io.darkroom.kafka.TopicState;
import io.darkroom.render.ObjectStore.StoreFailure;
import io.darkroom.render.ObjectUri;
import io.darkroom.s3.BucketCreation;
import io.darkroom.s3.PermissionCheck;
import io.darkroom.s3.S3Access;
import io.darkroom.s3.S3Clients;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.services.s3.S3Client;

/** Creates the missing topics and the bucket of a worker. The command may be repeated. */
@Command(
    name = "setup",
    description = {
      "Creates the topics of a worker that do not exist, adds partitions to the topics of requests,"
          + " and checks topics and bucket as a worker does.",
      "Existing topics keep their settings. May be repeated."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:workers can start",
      "1:broker, a topic or the bucket is not usable",
      "2:invalid arguments"
    })
final class SetupCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "8",
      description =
          "Minimum number of partitions of the topics of requests. Default: ${DEFAULT-VALUE}.")
  private int partitions = TopicSizes.DEFAULT.partitions();

  @Option(
      names = "--replicas",
      paramLabel = "N",
      description = "Replicas of topics that are created. Default: the broker's.")
  private @Nullable Short replicas;

  @Option(
      names = "--retention",
      paramLabel = "TIME",
      converter = DurationOption.class,
      description = {
        "Retention of requests, events and dead letters in topics that are created, e.g. 14d.",
        "Default: the broker's."
      })
  private @Nullable Duration retention;

  @Option(names = "--create-bucket", description = "Creates the bucket if it does not exist.")
  private boolean createBucket;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Terminal terminal = Terminal.of(spec);
    TopicSizes sizes = sizes();
    LocalConfig config = LocalConfig.open();
    boolean topics = topics(terminal, config, sizes);
    boolean bucket = bucket(terminal, config.worker());
    return topics && bucket ? 0 : 1;
  }

  private TopicSizes sizes() {
    try {
      return new TopicSizes(
          partitions, Optional.ofNullable(replicas), Optional.ofNullable(retention));
    } catch (IllegalArgumentException impossible) {
      if (spec == null) {
        throw impossible;
      }
      throw new ParameterException(spec.commandLine(), "--" + impossible.getMessage(), impossible);
    }
  }

  private static boolean topics(Terminal terminal, LocalConfig config, TopicSizes sizes)
      throws InterruptedException {
    try (Admin admin = AdminClients.open(config.broker(), "darkroom-setup")) {
      return topics(terminal, config.worker(), sizes, admin);
    } catch (ExecutionException | KafkaException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      terminal.complain(config.broker().get("bootstrap.servers") + ": " + reason(cause));
      return false;
    }
  }

  private static boolean topics(
      Terminal terminal, DarkroomConfig config, TopicSizes sizes, Admin admin)
      throws ExecutionException, InterruptedException {
    int bytes = config.limits().requestBytes();
    TopicCreation creation =
        new TopicCreation(
            Configured.topics(config.kafka()), bytes, config.cancellations().retention(), sizes);
    List<String> created = creation.create(admin);
    Map<String, Integer> before = creation.grow(admin);
    List<TopicState> states = TopicState.of(admin, creation.names());
    terminal.out().println(TopicTable.of(states, created, before));
    TopicCheck.Report report =
        new TopicCheck(Configured.topics(config.kafka()), bytes).check(admin);
    report.warnings().forEach(warning -> terminal.complain("warning: " + warning));
    report.stops().forEach(terminal::complain);
    return report.stops().isEmpty();
  }

  private boolean bucket(Terminal terminal, DarkroomConfig config) {
    ObjectUri prefix = ObjectUri.parse(config.output().prefix());
    String bucket = "s3://" + prefix.bucket();
    try (S3Client client = S3Clients.open(Configured.s3(config.s3()))) {
      boolean created = createBucket && BucketCreation.create(client, prefix.bucket());
      List<String> warnings =
          new PermissionCheck(new S3Access(client, Configured.s3Options(config.s3())), prefix)
              .check();
      warnings.forEach(warning -> terminal.complain("warning: " + bucket + ": " + warning));
      terminal.out().println(bucket + ": " + (created ? "created" : "exists") + ", usable");
      return true;
    } catch (StoreFailure failure) {
      terminal.complain(failure.getMessage() + hint(failure));
      return false;
    }
  }

  private String hint(StoreFailure failure) {
    boolean missing = String.valueOf(failure.getMessage()).contains("NoSuchBucket");
    return missing && !createBucket ? " (--create-bucket creates the bucket)" : "";
  }

  private static String reason(Throwable cause) {
    return cause.getClass().getSimpleName() + ": " + cause.getMessage();
  }
}
