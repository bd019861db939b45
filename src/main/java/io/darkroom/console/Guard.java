package io.darkroom.console;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Checks HTTP requests before they are answered. Without a token the console answers only requests
 * to names of this machine, so that another site cannot reach it through its own host name (DNS
 * rebinding). A request that changes something must come from the console's own page.
 */
final class Guard {
  static final String COOKIE = "darkroom_console";

  /** A header that a page of another site cannot set. */
  private static final String OWN = "X-Darkroom-Console";

  private static final String BEARER = "Bearer ";
  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

  private final Sessions sessions;

  Guard(Sessions sessions) {
    this.sessions = sessions;
  }

  /**
   * Refuses a request to another host name if there is no token. Returns empty if the request is
   * allowed.
   */
  Optional<Refusal> refuseOtherHost(HttpExchange exchange) {
    String host = header(exchange, "Host").replaceFirst(":\\d+$", "");
    return sessions.needed() || THIS_MACHINE.contains(host)
        ? Optional.empty()
        : Optional.of(new Refusal(421, "without a token, the host must be localhost"));
  }

  /**
   * Refuses a request without a valid token or session. Returns empty if the request is allowed.
   */
  Optional<Refusal> refuseWithoutToken(HttpExchange exchange) {
    return !sessions.needed() || hasAccess(exchange)
        ? Optional.empty()
        : Optional.of(new Refusal(401, "the token is missing"));
  }

  /**
   * Refuses a request that a page of another site makes. Returns empty if the request is allowed.
   */
  Optional<Refusal> refuseOtherSite(HttpExchange exchange) {
    String site = header(exchange, "Sec-Fetch-Site");
    boolean own = site.isEmpty() || site.equals("same-origin") || site.equals("none");
    return own
        ? Optional.empty()
        : Optional.of(new Refusal(403, "must come from the console's own page"));
  }

  private boolean hasAccess(HttpExchange exchange) {
    String given = header(exchange, "Authorization");
    return (given.startsWith(BEARER)
            && sessions.refusal(given.substring(BEARER.length())).isEmpty())
        || Stream.of(header(exchange, "Cookie").split(";", 64))
            .map(String::strip)
            .filter(cookie -> cookie.startsWith(COOKIE + "="))
            .anyMatch(cookie -> sessions.has(cookie.substring(COOKIE.length() + 1)));
  }

  /**
   * Refuses a change that does not come from the console's own page. Returns empty if the request
   * is allowed.
   */
  Optional<Refusal> refuseForeignChange(HttpExchange exchange) {
    boolean json = header(exchange, "Content-Type").startsWith("application/json");
    String site = header(exchange, "Sec-Fetch-Site");
    boolean own =
        json
            && header(exchange, OWN).equals("1")
            && (site.isEmpty() || site.equals("same-origin"))
            && sameOrigin(exchange);
    return own
        ? Optional.empty()
        : Optional.of(new Refusal(403, "must come from the console's own page"));
  }

  private static boolean sameOrigin(HttpExchange exchange) {
    String origin = header(exchange, "Origin");
    if (origin.isEmpty()) {
      return true;
    }
    try {
      return header(exchange, "Host").equals(URI.create(origin).getAuthority());
    } catch (IllegalArgumentException odd) {
      return false;
    }
  }

  private static String header(HttpExchange exchange, String name) {
    Headers headers = exchange.getRequestHeaders();
    return Optional.ofNullable(headers.getFirst(name)).orElse("");
  }

  /** The answer to a refused request. */
  record Refusal(int status, String reason) {}
}
