package io.darkroom.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.LocalS3;
import io.darkroom.faults.FaultProxy;
import io.darkroom.faults.FaultProxy.Fault;
import io.darkroom.render.ObjectStore;
import io.darkroom.render.ObjectUri;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Uses a real store behind a proxy, which replaces responses by those of stores with fewer
 * permissions.
 */
class PermissionCheckTest {
  private static final ObjectUri PREFIX = ObjectUri.parse("s3://pictures/renders/");
  private static final Fault DENIED = new Fault.Answer(403, "AccessDenied");

  @TempDir static Path folder;
  private static LocalS3 server;

  private FaultProxy proxy;
  private S3Client client;

  @BeforeAll
  static void startServer() throws Exception {
    server = new LocalS3(folder, 0);
    server.createBucket("pictures");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void begin() throws IOException {
    proxy = new FaultProxy(server.endpoint());
    client = S3Clients.open(settings(proxy.endpoint()));
  }

  @AfterEach
  void end() throws IOException {
    client.close();
    proxy.close();
  }

  @Test
  void aStoreWithAllPermissionsPassesAndKeepsNoObject() {
    ObjectUri other = ObjectUri.parse("s3://pictures/other/");
    PermissionCheck check = new PermissionCheck(access(false), other);

    assertThat(check.check()).isEmpty();
    check.quickCheck();
    assertThat(client.listObjectsV2(list -> list.bucket("pictures").prefix("other/")).contents())
        .isEmpty();
  }

  @Test
  void permissionsThatAreMissingAreNamedTogether() {
    refuse(request -> request.method().equals("PUT") || request.target().contains("list-type"));

    assertThatThrownBy(() -> check(false).check())
        .isInstanceOf(ObjectStore.StoreFailure.class)
        .hasMessageStartingWith(
            "s3://pictures: is not usable: needs s3:PutObject (403 AccessDenied)")
        .hasMessageContaining("s3:PutObject with If-None-Match (403 AccessDenied)")
        .hasMessageEndingWith(
            "s3:ListBucket (403 AccessDenied; without it set"
                + " darkroom.s3.forbidden-is-absent=true)");
  }

  @Test
  void listingIsNotNeededWhereForbiddenMeansAbsent() {
    refuse(request -> request.target().contains("list-type") || request.target().endsWith("/none"));

    assertThat(check(true).check())
        .containsExactly("s3:ListBucket is missing: 403 counts as absence of an object");
    check(true).quickCheck();
    assertThatThrownBy(() -> check(false).quickCheck())
        .hasMessage("s3://pictures: is not usable: 403 AccessDenied");
  }

  @Test
  void deletingIsNotNeeded() {
    refuse(request -> request.method().equals("DELETE") && !request.target().contains("uploadId"));

    assertThat(check(false).check())
        .containsExactly(
            "s3:DeleteObject is missing: objects of checks stay in s3://pictures/renders/.probe/");
  }

  @Test
  void thePermissionToAbortUploadsIsNotNeeded() {
    refuse(request -> request.method().equals("DELETE") && request.target().contains("uploadId"));

    assertThat(check(false).check())
        .containsExactly(
            "s3:AbortMultipartUpload is missing (403 AccessDenied): parts of failed writes"
                + " stay, unless a lifecycle rule of the bucket deletes them");
  }

  @Test
  void aMissingBucketIsNamed() {
    PermissionCheck nowhere = new PermissionCheck(access(false), ObjectUri.parse("s3://nowhere/"));

    assertThatThrownBy(nowhere::check).hasMessage("s3://nowhere: is not usable: 404 NoSuchBucket");
    assertThatThrownBy(nowhere::quickCheck)
        .hasMessage("s3://nowhere: is not usable: 404 NoSuchBucket");
  }

  @Test
  void aStoreThatIsFullOrInAnotherRegionIsNotUsable() {
    proxy.rule(
        request -> request.writes() ? new Fault.Answer(507, "InsufficientStorage") : Fault.NONE);
    assertThatThrownBy(() -> check(false).check())
        .hasMessage("s3://pictures: is not usable: 507 InsufficientStorage");
    proxy.rule(request -> new Fault.Answer(301, "PermanentRedirect"));
    assertThatThrownBy(() -> check(false).check())
        .hasMessage("s3://pictures: is not usable: 301 PermanentRedirect");
  }

  @Test
  void notFoundWithoutACodeMeansAbsent() {
    ObjectUri uri = PREFIX.child("cat.png");
    proxy.rule(request -> new Fault.Answer(404, ""));
    ObjectStore store = new S3ObjectStore(client);

    assertThat(store.get(uri, 100)).isEmpty();
    assertThat(store.begin(uri, 100)).isEmpty();
    check(false).quickCheck();
  }

  @Test
  void forbiddenMeansAbsentOnlyIfConfigured() {
    ObjectUri uri = PREFIX.child("cat.png");
    proxy.rule(request -> request.writes() ? Fault.NONE : DENIED);

    assertThat(new S3ObjectStore(access(true)).get(uri, 100)).isEmpty();
    assertThat(new S3ObjectStore(access(true)).putIfAbsent(uri, new byte[3], "image/png")).isTrue();
    assertThatThrownBy(() -> new S3ObjectStore(client).get(uri, 100))
        .hasMessage(uri + ": could not be read: 403 AccessDenied");
    proxy.rule(request -> Fault.NONE);
    client.deleteObject(delete -> delete.bucket("pictures").key(uri.key()));
  }

  @Test
  void refusalsOfOneObjectAreDistinguishedFromFaultsOfTheStore() {
    assertThat(refused(new Fault.Answer(403, "InvalidObjectState"))).isTrue();
    assertThat(refused(new Fault.Answer(400, "InvalidRequest"))).isTrue();
    assertThat(refused(new Fault.Answer(400, "KMS.DisabledException"))).isTrue();
    assertThat(refused(DENIED)).isTrue();
    assertThat(refused(new Fault.Answer(403, "RequestTimeTooSkewed"))).isFalse();
    assertThat(refused(new Fault.Answer(500, "InternalError"))).isFalse();
    assertThat(refused(new Fault.Reset())).isFalse();
  }

  private boolean refused(Fault fault) {
    proxy.rule(request -> fault);
    try {
      new S3ObjectStore(client).get(PREFIX.child("cat.png"), 100);
      throw new AssertionError("answered");
    } catch (ObjectStore.StoreFailure failure) {
      return failure.refused();
    }
  }

  private PermissionCheck check(boolean forbiddenIsAbsent) {
    return new PermissionCheck(access(forbiddenIsAbsent), PREFIX);
  }

  private S3Access access(boolean forbiddenIsAbsent) {
    return new S3Access(client, S3Options.DEFAULT.withForbiddenIsAbsent(forbiddenIsAbsent));
  }

  private void refuse(Predicate<FaultProxy.Request> which) {
    proxy.rule(request -> which.test(request) ? DENIED : Fault.NONE);
  }

  private static S3Settings settings(URI endpoint) {
    return new S3Settings(
        Optional.of(endpoint),
        "eu-central-1",
        true,
        Optional.of(LocalS3.KEYS),
        Optional.empty(),
        Duration.ofSeconds(20),
        2);
  }
}
