package io.darkroom.s3;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Loads the certificate authorities that an HTTPS client trusts. */
final class TrustedCertificates {

  private TrustedCertificates() {}

  /**
   * Returns a trust manager for the authorities of the JVM and those of a PEM file.
   *
   * @throws IllegalArgumentException if the file cannot be read or contains no certificate
   */
  static TrustManager[] with(Path pem) {
    try (InputStream file = Files.newInputStream(pem)) {
      Collection<? extends Certificate> own =
          CertificateFactory.getInstance("X.509").generateCertificates(file);
      if (own.isEmpty()) {
        throw unusable(pem, "contains no certificate", null);
      }
      KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
      all.load(null, null);
      for (TrustManager each : managers(null)) {
        if (each instanceof X509TrustManager jvm) {
          add(List.of(jvm.getAcceptedIssuers()), all);
        }
      }
      add(own, all);
      return managers(all);
    } catch (IOException | GeneralSecurityException e) {
      throw unusable(pem, "is not one (" + e.getMessage() + ")", e);
    }
  }

  /** Returns the trust managers of a key store. With null they use the trust store of the JVM. */
  private static TrustManager[] managers(@Nullable KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static void add(Collection<? extends Certificate> certificates, KeyStore store)
      throws GeneralSecurityException {
    for (Certificate each : certificates) {
      store.setCertificateEntry("authority-" + store.size(), each);
    }
  }

  private static IllegalArgumentException unusable(
      Path pem, String what, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "s3.ca-certificates: must be a file of PEM certificates, " + pem + " " + what, cause);
  }
}
