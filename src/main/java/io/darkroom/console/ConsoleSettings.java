package io.darkroom.console;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Settings of a console.
 *
 * @param address address that the server listens on
 * @param port port of the server; 0 for any free port
 * @param submit whether it publishes requests and cancellations
 * @param token token that readers must give; required unless the address is a loopback address
 * @param buckets buckets whose objects it shows
 * @param lookBack maximum age of the records that it reads
 * @param results maximum number of results in memory
 */
public record ConsoleSettings(
    String address,
    int port,
    boolean submit,
    Optional<String> token,
    Set<String> buckets,
    Duration lookBack,
    int results) {
  /** Minimum length of a token in characters. */
  public static final int SHORTEST_TOKEN = 16;

  public ConsoleSettings {
    buckets = Set.copyOf(buckets);
  }

  /** Returns why these settings are not safe; empty if they are safe. */
  public Optional<String> problem() {
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
