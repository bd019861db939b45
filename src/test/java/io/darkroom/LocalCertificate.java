package io.darkroom;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A self-signed certificate of the loop-back address.
 *
 * @param keyStore PKCS #12 file of certificate and key, for a server
 * @param pem the certificate without its key, for clients
 */
public record LocalCertificate(Path keyStore, Path pem) {
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
    return new LocalCertificate(keyStore, pem);
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
