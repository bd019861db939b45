package io.darkroom;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A self-signed certificate of the loop-back address.
 *
 * @param keyStore PKCS #12 file of certificate and key, for a server
 * @param pem the certificate without its key, for clients
 * @param key the key, as PEM file
 */
public record LocalCertificate(Path keyStore, Path pem, Path key) {
  /** Of the key store and of the key. */
  public static final String PASSWORD = "localstore";

  private static final String ALIAS = "local";

  /** Creates a certificate in a folder. */
  public static LocalCertificate create(Path folder) throws IOException, InterruptedException {
    Path keyStore = folder.resolve("local.p12");
    Path pem = folder.resolve("local.pem");
    keytool(
        keyStore,
        List.of("-genkeypair", "-keyalg", "EC", "-dname", "CN=localhost"),
        List.of("-ext", "san=dns:localhost,ip:127.0.0.1", "-ext", "bc:c"));
    keytool(keyStore, List.of("-exportcert", "-rfc"), List.of("-file", pem.toString()));
    return new LocalCertificate(keyStore, pem, key(keyStore, folder.resolve("local.key")));
  }

  /** Returns the context of clients that trust this certificate only. */
  public SSLContext trust() throws GeneralSecurityException, IOException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    KeyStore own = KeyStore.getInstance(keyStore.toFile(), PASSWORD.toCharArray());
    trusted.setCertificateEntry(ALIAS, own.getCertificate(ALIAS));
    factory.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }

  /** Writes the key of a key store as PEM. */
  private static Path key(Path keyStore, Path file) throws IOException {
    char[] password = PASSWORD.toCharArray();
    try {
      Key key = KeyStore.getInstance(keyStore.toFile(), password).getKey(ALIAS, password);
      String text = Base64.getMimeEncoder().encodeToString(key.getEncoded());
      return Files.writeString(
          file, "-----BEGIN PRIVATE KEY-----\n" + text + "\n-----END PRIVATE KEY-----\n");
    } catch (GeneralSecurityException e) {
      throw new IOException("keytool: made an unusable " + keyStore, e);
    }
  }

  private static void keytool(Path keyStore, List<String> task, List<String> options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Jvm.program("keytool"));
    command.addAll(task);
    command.addAll(List.of("-alias", ALIAS, "-storetype", "PKCS12", "-storepass", PASSWORD));
    command.addAll(List.of("-keystore", keyStore.toString()));
    command.addAll(options);
    Process process = new ProcessBuilder(command).inheritIO().start();
    if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IllegalStateException("keytool: did not make " + keyStore);
    }
  }
}
