package io.darkroom.console;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsExchange;
import io.darkroom.json.JsonTree;
import io.darkroom.render.ObjectStore;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;

/** Answers the HTTP requests of browsers. Called by the threads of the server. */
final class ConsoleHandler implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ConsoleHandler.class.getName());
  private static final long UPDATE_MILLIS = 500;
  private static final int QUIET_UPDATES = 20;

  /** Maximum number of readers of the live page at the same time. Each one occupies a thread. */
  private static final int MOST_READERS = 24;

  private static final int MOST_TOKEN_BYTES = 4096;

  /**
   * Maximum number of requests that read the store at the same time, because workers need the same
   * store.
   */
  private static final int MOST_READS = 4;

  private static final int READ_WAIT_SECONDS = 10;

  private final Sessions sessions;
  private final Guard guard;
  private final Supplier<LiveUpdates> live;
  private final ResultPages results;
  private final DeadLetterPage deadLetters;
  private final StoredObjects objects;
  private final Requests requests;
  private final Supplier<Map<String, Object>> info;
  private final PageFiles files = new PageFiles();
  private final Semaphore readers = new Semaphore(MOST_READERS);
  private final Semaphore reads = new Semaphore(MOST_READS);
  private final CountDownLatch closed = new CountDownLatch(1);

  ConsoleHandler(
      Sessions sessions,
      Supplier<LiveUpdates> live,
      ResultPages results,
      DeadLetterPage deadLetters,
      StoredObjects objects,
      Requests requests,
      Supplier<Map<String, Object>> info) {
    this.sessions = sessions;
    this.guard = new Guard(sessions);
    this.live = live;
    this.results = results;
    this.deadLetters = deadLetters;
    this.objects = objects;
    this.requests = requests;
    this.info = info;
  }

  /** Answers a request. An error is logged and answered with status 500. */
  void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      answer(exchange);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(HttpExchange exchange) throws IOException, InterruptedException {
    try {
      route(exchange);
    } catch (ObjectStore.StoreFailure | KafkaException failure) {
      Reply.error(exchange, 502, String.valueOf(failure.getMessage()));
    } catch (RuntimeException fault) {
      LOG.log(Level.ERROR, "internal error in the console path=" + path(exchange), fault);
      Reply.error(exchange, 500, "internal error, see the log");
    }
  }

  private static String path(HttpExchange exchange) {
    return exchange.getRequestURI().getPath();
  }

  private void route(HttpExchange exchange) throws IOException, InterruptedException {
    Optional<Guard.Refusal> refusal = guard.refuseOtherHost(exchange);
    if (refusal.isPresent()) {
      Reply.refuse(exchange, refusal.get());
      return;
    }
    switch (exchange.getRequestMethod()) {
      case "GET", "HEAD" -> get(exchange);
      case "POST" -> post(exchange);
      default -> Reply.error(exchange, 405, "the method is not known");
    }
  }

  private void get(HttpExchange exchange) throws IOException, InterruptedException {
    Optional<PageFiles.File> file = files.file(path(exchange));
    if (file.isPresent()) {
      Reply.page(exchange, file.get().type(), file.get().body().array());
      return;
    }
    Optional<Guard.Refusal> refusal =
        guard.refuseOtherSite(exchange).or(() -> guard.refuseWithoutToken(exchange));
    if (refusal.isPresent()) {
      Reply.refuse(exchange, refusal.get());
      return;
    }
    Query query = Query.of(exchange.getRequestURI());
    switch (path(exchange)) {
      case "/api/info" -> Reply.json(exchange, 200, info.get());
      case "/api/live" -> live(exchange);
      case "/api/results" -> results.list(exchange, query);
      case "/api/result" -> read(exchange, () -> results.one(exchange, query.text("id")));
      case "/api/dead-letter" ->
          read(exchange, () -> deadLetters.answer(exchange, query.text("id")));
      case "/api/verify" -> read(exchange, () -> results.verify(exchange, query.text("id")));
      case "/api/object" -> read(exchange, () -> objects.answer(exchange, query.text("uri")));
      default -> Reply.error(exchange, 404, "there is no such page");
    }
  }

  /** A call that reads the store and answers. */
  @FunctionalInterface
  private interface Reading {
    void run() throws IOException;
  }

  private void read(HttpExchange exchange, Reading reading)
      throws IOException, InterruptedException {
    if (!reads.tryAcquire(READ_WAIT_SECONDS, TimeUnit.SECONDS)) {
      Reply.error(exchange, 503, "too many files are being read; try again");
      return;
    }
    try {
      reading.run();
    } finally {
      reads.release();
    }
  }

  private void post(HttpExchange exchange) throws IOException, InterruptedException {
    String path = path(exchange);
    Optional<Guard.Refusal> refusal = guard.refuseForeignChange(exchange);
    if (refusal.isEmpty() && !path.equals("/api/session")) {
      refusal = guard.refuseWithoutToken(exchange);
    }
    if (refusal.isPresent()) {
      Reply.refuse(exchange, refusal.get());
      return;
    }
    switch (path) {
      case "/api/session" -> session(exchange);
      case "/api/requests" -> requests.publish(exchange);
      case "/api/cancel" -> requests.cancel(exchange);
      default -> Reply.error(exchange, 404, "there is no such page");
    }
  }

  private void session(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(MOST_TOKEN_BYTES);
    String token = JsonTree.read(body).map(tree -> JsonTree.text(tree, "token")).orElse("");
    Sessions.Answer answer = sessions.open(token);
    if (answer instanceof Sessions.Answer.Open open) {
      String secure = exchange instanceof HttpsExchange ? "; Secure" : "";
      exchange
          .getResponseHeaders()
          .set(
              "Set-Cookie",
              "%s=%s; HttpOnly; SameSite=Strict; Path=/; Max-Age=%d%s"
                  .formatted(Guard.COOKIE, open.session(), Sessions.LONGEST.toSeconds(), secure));
      Reply.json(exchange, 200, Map.of());
    } else if (answer instanceof Sessions.Answer.Wrong) {
      Reply.error(exchange, 401, "the token is wrong");
    } else {
      Reply.error(exchange, 429, "too many wrong tokens; wait a minute");
    }
  }

  private void live(HttpExchange exchange) throws IOException, InterruptedException {
    if (!readers.tryAcquire()) {
      Reply.error(exchange, 503, "too many readers of the live page");
      return;
    }
    try (OutputStream out = Reply.events(exchange)) {
      LiveUpdates updates = live.get();
      int quiet = 0;
      do {
        Optional<Map<String, Object>> next = updates.next();
        quiet = next.isPresent() ? 0 : quiet + 1;
        if (next.isPresent()) {
          out.write(event(next.get()));
          out.flush();
        } else if (quiet % QUIET_UPDATES == 0) {
          // An empty comment shows whether the reader is still connected.
          out.write(":\n\n".getBytes(StandardCharsets.UTF_8));
          out.flush();
        }
      } while (!closed.await(UPDATE_MILLIS, TimeUnit.MILLISECONDS));
    } finally {
      readers.release();
    }
  }

  /** Returns an update as a server-sent event. */
  static byte[] event(Map<String, Object> update) {
    String json = new String(JsonTree.write(update), StandardCharsets.UTF_8);
    return ("data: " + json + "\n\n").getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
