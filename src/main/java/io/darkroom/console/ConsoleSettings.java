package io.darkroom.console;

import io.darkroom.attest.SignatureCheck;
import io.darkroom.http.TlsFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Settings of a console.
 *
 * @param address address that the server listens on
 * @param port port of the server; 0 for any free port
 * @param tls certificate of the server; empty: HTTP without TLS
 * @param submit whether it publishes requests and cancellations
 * @param token token that readers must give; required unless the address is a loopback address
 * @param buckets buckets whose objects it shows
 * @param lookBack maximum age of the records that it reads
 * @param results maximum number of results in memory
 * @param publicKeys PEM files of the keys that may have signed manifests; none: signatures are not
 *     checked
 */
public record ConsoleSettings(
    String address,
    int port,
    Optional<TlsFiles> tls,
    boolean submit,
    Optional<String> token,
    Set<String> buckets,
    Duration lookBack,
    int results,
    List<Path> publicKeys) {
  /** Minimum length of a token in characters. */
  public static final int SHORTEST_TOKEN = 16;

  public ConsoleSettings {
    buckets = Set.copyOf(buckets);
    publicKeys = List.copyOf(publicKeys);
  }

  /**
   * Reads the public keys. Returns the check of signatures; empty if there are no keys.
   *
   * @throws IOException if a key cannot be read; the message names the configuration key
   */
  Optional<SignatureCheck> signatures() throws IOException {
    try {
      return SignatureCheck.of(publicKeys);
    } catch (IOException unusable) {
      throw new IOException("darkroom.console.public-keys: " + unusable.getMessage(), unusable);
    }
  }

  /** Returns why a console cannot have these settings; empty if it can. Reads their files. */
  public Optional<String> problem() {
    try {
      signatures();
      return unsafe().or(() -> tls.flatMap(TlsFiles::problem));
    } catch (IOException unusable) {
      return Optional.of(String.valueOf(unusable.getMessage()));
    }
  }

  /** Returns why these settings are not safe; empty if they are. Reads no file. */
  Optional<String> unsafe() {
    if (token.filter(secret -> secret.length() < SHORTEST_TOKEN).isPresent()) {
      return Optional.of("darkroom.console.token: must have 16 characters or more");
    }
    return loopback() || token.isPresent()
        ? Optional.empty()
        : Optional.of(
            "darkroom.console.token: must be set, because darkroom.console.address is "
                + address
                + " and others can reach it");
  }

  private boolean loopback() {
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException unknown) {
      return false;
    }
  }
}
