package io.darkroom.console;

import com.sun.net.httpserver.HttpServer;
import io.darkroom.attest.SignatureCheck;
import io.darkroom.http.HttpServers;
import io.darkroom.json.RequestCodec;
import io.darkroom.kafka.Consumption;
import io.darkroom.kafka.RequestSender;
import io.darkroom.kafka.TopicFeed;
import io.darkroom.kafka.TopicNames;
import io.darkroom.render.ObjectStore;
import io.darkroom.render.ObjectUri;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A running console: a feed of topics, a board, and an HTTP server with its own threads. It does
 * not use the threads of the render loop.
 */
public final class Console implements AutoCloseable {
  private static final int THREADS = 40;
  private static final int MOST_QUEUED = 512;
  private static final int IDLE_SECONDS = 30;

  /** Maximum bytes of an event in addition to its request. */
  private static final int EVENT_BYTES = 1 << 20;

  /** Time limit to read a request of a client, whose token may not be checked yet. */
  private static final String REQUEST_SECONDS = "20";

  /** Time limit to write an answer. The live page connects again afterwards. */
  private static final String ANSWER_SECONDS = "600";

  private static final String MOST_CONNECTIONS = "200";

  /** Pause between two looks at the members of the group, in seconds. */
  private static final int MEMBERS_SECONDS = 10;

  private final TopicFeed feed;
  private final Optional<RequestSender> sender;
  private final GroupWatch group;
  private final HttpServer server;
  private final ThreadPoolExecutor threads;
  private final ScheduledExecutorService ticks;
  private final Supplier<LiveUpdates> live;
  private final ConsoleHandler handler;
  private final String address;

  private Console(
      TopicFeed feed,
      Optional<RequestSender> sender,
      GroupWatch group,
      HttpServer server,
      CallHistory calls,
      Supplier<LiveUpdates> live,
      ConsoleHandler handler,
      String address) {
    this.feed = feed;
    this.sender = sender;
    this.group = group;
    this.live = live;
    this.server = server;
    this.handler = handler;
    this.address = address;
    this.threads = threads();
    this.ticks = Executors.newScheduledThreadPool(2, work -> daemon(work, "console-ticks"));
    server.createContext("/", handler::handle);
    server.setExecutor(threads);
    server.start();
    var unusedTick = ticks.scheduleAtFixedRate(calls::tick, 1, 1, TimeUnit.SECONDS);
    var unusedLook =
        ticks.scheduleWithFixedDelay(group::look, 0, MEMBERS_SECONDS, TimeUnit.SECONDS);
  }

  /**
   * The sources of a console.
   *
   * @param broker settings of all clients of the broker
   * @param group name of the group that consumes requests
   * @param consumption kind of this group
   * @param store store with the results
   * @param prefix prefix of the results of requests without {@code output.prefix}
   * @param vitals values of the worker, if the console runs in one
   * @param version version of the program
   */
  public record Sources(
      Map<String, Object> broker,
      TopicNames topics,
      String group,
      Consumption consumption,
      ObjectStore store,
      ObjectUri prefix,
      RequestCodec codec,
      Vitals vitals,
      String version) {
    public Sources {
      broker = Map.copyOf(broker);
    }
  }

  /**
   * Starts a console.
   *
   * @throws IOException if it cannot listen on its address and port, or a public key or the
   *     certificate is unusable
   * @throws IllegalArgumentException if its settings are not safe
   */
  public static Console open(ConsoleSettings settings, Sources from, Clock clock)
      throws IOException {
    Optional<SignatureCheck> signatures = settings.signatures();
    settings
        .unsafe()
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException(problem);
            });
    limitConnections();
    Optional<RequestSender> sender =
        settings.submit()
            ? Optional.of(new RequestSender(from.broker(), from.topics()))
            : Optional.empty();
    try {
      HttpServer server =
          HttpServers.open(
              new InetSocketAddress(settings.address(), settings.port()), settings.tls());
      return start(settings, from, clock, sender, signatures, server);
    } catch (IOException | RuntimeException failed) {
      sender.ifPresent(RequestSender::close);
      throw failed;
    }
  }

  /**
   * Sets limits that the HTTP server does not have by default. The server reads these system
   * properties once.
   */
  private static void limitConnections() {
    Map.of(
            "sun.net.httpserver.maxReqTime", REQUEST_SECONDS,
            "sun.net.httpserver.maxRspTime", ANSWER_SECONDS,
            "jdk.httpserver.maxConnections", MOST_CONNECTIONS)
        .forEach(
            (name, value) -> {
              if (System.getProperty(name) == null) {
                System.setProperty(name, value);
              }
            });
  }

  private static Console start(
      ConsoleSettings settings,
      Sources from,
      Clock clock,
      Optional<RequestSender> sender,
      Optional<SignatureCheck> signatures,
      HttpServer server) {
    Board board = new Board(settings.lookBack(), settings.results(), clock);
    Workers workers = new Workers(clock);
    CallHistory calls = new CallHistory(from.vitals());
    Supplier<LiveUpdates> live = () -> new LiveUpdates(board, calls, from.vitals(), workers);
    AllowedStore store = new AllowedStore(from.store(), settings.buckets());
    ConsoleHandler handler =
        new ConsoleHandler(
            new Sessions(settings.token(), clock),
            live,
            new ResultPages(board, store, from.prefix(), signatures),
            new DeadLetterPage(board, from.broker()),
            new StoredObjects(store),
            new Requests(from.codec(), sender),
            () -> Info.of(settings, from));
    TopicFeed feed =
        TopicFeed.open(
            from.broker(),
            BoardReader.topics(from.topics()),
            new TopicFeed.Start(settings.lookBack(), settings.results()),
            new BoardReader(from.topics(), board, workers, from.codec().maxBytes() + EVENT_BYTES)
                ::read,
            clock);
    GroupWatch group = new GroupWatch(from.broker(), from.group(), from.consumption(), workers);
    return new Console(
        feed, sender, group, server, calls, live, handler, address(settings, server));
  }

  private static String address(ConsoleSettings settings, HttpServer server) {
    String host = settings.address();
    String shown = host.contains(":") ? "[" + host + "]" : host;
    return (settings.tls().isPresent() ? "https://" : "http://")
        + shown
        + ":"
        + server.getAddress().getPort()
        + "/";
  }

  private static ThreadPoolExecutor threads() {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST_QUEUED),
            work -> daemon(work, "console"));
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Returns the address, e.g. {@code http://127.0.0.1:8090/}. */
  public String address() {
    return address;
  }

  /** Returns new updates for one reader, as the live page receives them. */
  LiveUpdates updates() {
    return live.get();
  }

  @Override
  public void close() {
    handler.close();
    server.stop(0);
    threads.shutdownNow();
    ticks.shutdownNow();
    group.close();
    feed.close();
    sender.ifPresent(RequestSender::close);
  }
}
