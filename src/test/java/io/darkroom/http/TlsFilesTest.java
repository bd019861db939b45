package io.darkroom.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.LocalCertificate;
import io.darkroom.app.fleet.MetricsServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsFilesTest {
  @TempDir static Path folder;
  private static LocalCertificate certificate;

  @BeforeAll
  static void create() throws Exception {
    certificate = LocalCertificate.create(folder);
  }

  @Test
  void theExporterServesHttpsToClientsThatTrustItsCertificate() throws Exception {
    Optional<TlsFiles> tls =
        TlsFiles.of(Optional.of(certificate.pem()), Optional.of(certificate.key()));
    try (MetricsServer server = MetricsServer.start(0, tls, () -> "one 1\n", failure -> {})) {
      HttpRequest scrape =
          HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + "/metrics"))
              .build();
      HttpClient trusting = HttpClient.newBuilder().sslContext(certificate.trust()).build();
      assertThat(trusting.send(scrape, HttpResponse.BodyHandlers.ofString()).body())
          .isEqualTo("one 1\n");
      HttpClient other = HttpClient.newHttpClient();
      assertThatThrownBy(() -> other.send(scrape, HttpResponse.BodyHandlers.ofString()))
          .isInstanceOf(SSLHandshakeException.class);
    }
  }

  @Test
  void unusableFilesAreNamed() throws Exception {
    Path text = Files.writeString(folder.resolve("text.pem"), "not a certificate");
    Path missing = folder.resolve("missing.pem");
    assertThat(new TlsFiles(certificate.pem(), certificate.key()).problem()).isEmpty();
    assertThat(new TlsFiles(text, certificate.key()).problem())
        .get()
        .asString()
        .startsWith("TLS: " + text + " and " + certificate.key() + " are not a certificate and");
    assertThat(new TlsFiles(certificate.pem(), missing).problem())
        .contains("TLS: " + missing + " must be a PEM file of at most 1 MiB");
    assertThatThrownBy(() -> TlsFiles.of(Optional.of(text), Optional.empty()))
        .hasMessage("TLS needs a certificate and its key, but the key is missing");
  }
}
