package io.darkroom.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.app.models.ModelSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartCheckTest {
  @TempDir Path folder;

  private static DarkroomConfig.S3 s3(Map<String, String> values) {
    return config(values).s3();
  }

  private static DarkroomConfig config(Map<String, String> values) {
    SmallRyeConfigBuilder builder =
        new SmallRyeConfigBuilder().addDiscoveredConverters().withMapping(DarkroomConfig.class);
    values.forEach((key, value) -> builder.withDefaultValue("darkroom.s3." + key, value));
    return builder.build().getConfigMapping(DarkroomConfig.class);
  }

  @Test
  void everyFolderOfPackagesMustExist() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "no folder");

    ModelSource there = ModelSource.of(folder.toString());
    assertThat(StartCheck.models(List.of(there, ModelSource.of("s3://models/all")))).isEmpty();
    for (Path missing : List.of(folder.resolve("nowhere"), file)) {
      assertThat(StartCheck.models(List.of(there, ModelSource.of(missing.toString()))))
          .contains(
              "darkroom.models: must be a folder of model packages that can be read, is "
                  + missing);
    }
  }

  @Test
  void theCacheOfPackagesMustBeAFolder() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "no folder");
    DarkroomConfig config =
        with(
            Map.of(
                "darkroom.models",
                "models,s3://bucket/all",
                "darkroom.models-cache.folder",
                file.toString()));

    assertThat(config.models()).hasToString("[models, s3://bucket/all/]");
    assertThat(StartCheck.modelsCache(config))
        .contains("darkroom.models-cache.folder: must be a folder that can be written, is " + file);
    assertThat(
            StartCheck.modelsCache(with(Map.of("darkroom.models-cache.folder", file.toString()))))
        .as("without a bucket")
        .isEmpty();
  }

  @Test
  void packagesOnDemandAreInBuckets() {
    DarkroomConfig config =
        with(Map.of("darkroom.models-on-demand.buckets", "s3://bucket/all,models"));
    assertThat(StartCheck.onDemand(config.modelsOnDemand()))
        .contains("darkroom.models-on-demand.buckets: must be s3://bucket/prefix/, is models");
    DarkroomConfig right = with(Map.of("darkroom.models-on-demand.buckets", "s3://bucket/all"));
    assertThat(StartCheck.onDemand(right.modelsOnDemand())).isEmpty();
    assertThat(Configured.onDemand(right).prefixes()).hasToString("[s3://bucket/all/]");
  }

  private static DarkroomConfig with(Map<String, String> values) {
    SmallRyeConfigBuilder builder =
        new SmallRyeConfigBuilder().addDiscoveredConverters().withMapping(DarkroomConfig.class);
    values.forEach(builder::withDefaultValue);
    return builder.build().getConfigMapping(DarkroomConfig.class);
  }

  @Test
  void keysOfTheStoreGoTogether() {
    String id = "access-key-id";
    String secret = "secret-access-key";
    String token = "session-token";

    assertThat(StartCheck.credentials(s3(Map.of()))).isEmpty();
    assertThat(StartCheck.credentials(s3(Map.of(id, "a", secret, "b", token, "c")))).isEmpty();
    assertThat(StartCheck.credentials(s3(Map.of(id, "a"))))
        .contains(
            "darkroom.s3: access-key-id and secret-access-key must be set together,"
                + " the second is missing");
    assertThat(StartCheck.credentials(s3(Map.of(secret, "a"))))
        .contains(
            "darkroom.s3: access-key-id and secret-access-key must be set together,"
                + " the first is missing");
    assertThat(StartCheck.credentials(s3(Map.of(token, "c"))))
        .contains("darkroom.s3.session-token: must come with access-key-id and secret-access-key");
  }

  /** The beans are created before the check runs, and the check must end the worker. */
  @Test
  void accessToTheStoreIsCreatedDespiteAProblem() {
    Path nowhere = folder.resolve("nowhere.pem");
    for (Map<String, String> values :
        List.of(
            Map.of("access-key-id", "a"),
            Map.of("session-token", "c"),
            Map.of("ca-certificates", nowhere.toString()))) {
      DarkroomConfig config = config(values);
      assertThat(StartCheck.s3(config.s3())).isPresent();
      assertThat(new Wiring().access(config)).isNotNull();
    }
  }

  @Test
  void writesThatCannotWorkAreNamedByTheirKeys() {
    String encryption = "encryption";
    String key = "kms-key-id";
    assertThat(StartCheck.store(s3(Map.of("tags.team", "a", encryption, "aws:kms")))).isEmpty();
    assertThat(StartCheck.store(s3(Map.of("storage-class", "GLACIER"))))
        .contains(
            "darkroom.s3.storage-class: must be one whose objects can be read at once, is GLACIER");
    assertThat(StartCheck.store(s3(Map.of(key, "k"))))
        .contains("darkroom.s3.kms-key-id: must come with darkroom.s3.encryption");
    assertThat(StartCheck.store(s3(Map.of(key, "k", encryption, "AES256"))))
        .contains(
            "darkroom.s3.kms-key-id: must come with an encryption of aws:kms or aws:kms:dsse,"
                + " is with AES256");
  }

  @Test
  void addressesOfOutputsAreReadableForUpToAWeek() {
    assertThat(StartCheck.presigned(Optional.empty())).isEmpty();
    assertThat(StartCheck.presigned(Optional.of(Duration.ofDays(7)))).isEmpty();
    for (Duration wrong : List.of(Duration.ZERO, Duration.ofDays(7).plusSeconds(1))) {
      assertThat(StartCheck.presigned(Optional.of(wrong)))
          .contains("darkroom.output.presigned: must be 1 s to 7 days, is " + wrong);
    }
  }

  @Test
  void aPortInUseIsNamed() throws IOException {
    String host = InetAddress.getLoopbackAddress().getHostAddress();
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = other.getLocalPort();

      assertThat(StartCheck.port("quarkus.http.port", host, port))
          .hasValueSatisfying(
              said ->
                  assertThat(said)
                      .startsWith(
                          "quarkus.http.port: must be a port that is free on "
                              + host
                              + ", is "
                              + port));
    }
    assertThat(StartCheck.port("quarkus.http.port", host, 0)).isEmpty();
  }

  @Test
  void aConsoleForOtherMachinesNeedsAToken() {
    String on = "darkroom.console.enabled";
    String address = "darkroom.console.address";

    assertThat(console(Map.of(address, "0.0.0.0"))).isEmpty();
    assertThat(console(Map.of(on, "true", "darkroom.console.port", "0"))).isEmpty();
    assertThat(console(Map.of(on, "true", address, "0.0.0.0")))
        .contains(
            "darkroom.console.token: must be set, because darkroom.console.address is 0.0.0.0 and"
                + " others can reach it");
  }

  private static Optional<String> console(Map<String, String> values) {
    SmallRyeConfigBuilder builder =
        new SmallRyeConfigBuilder()
            .addDiscoveredConverters()
            .withConverter(Duration.class, 200, text -> Duration.ofHours(24))
            .withMapping(DarkroomConfig.class);
    values.forEach(builder::withDefaultValue);
    return StartCheck.console(builder.build().getConfigMapping(DarkroomConfig.class));
  }
}
