package io.darkroom.faults;

import io.darkroom.Ports;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * An HTTP proxy in front of a store that injects faults: error responses, delays, broken
 * connections, and lost responses of completed requests. One request per connection.
 */
public final class FaultProxy implements AutoCloseable {
  private static final int LONGEST_HEAD = 1 << 16;

  private final URI upstream;
  private final ServerSocket socket;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "fault-proxy");
            thread.setDaemon(true);
            return thread;
          });
  private volatile Function<Request, Fault> rule = request -> Fault.NONE;

  /**
   * Starts on any free port.
   *
   * @param upstream {@code http://host:port}
   */
  public FaultProxy(URI upstream) throws IOException {
    this.upstream = upstream;
    this.socket = new ServerSocket();
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), Ports.ANY), 200);
    threads.execute(this::accept);
  }

  /**
   * The parts of a request that rules read.
   *
   * @param headers by their names in small letters
   */
  public record Request(String method, String target, Map<String, String> headers) {
    /** Whether it writes an object. */
    public boolean writes() {
      return method.equals("PUT");
    }
  }

  /** The action on a request. */
  public sealed interface Fault {
    /** Forwards it. */
    Fault NONE = new Delay(0);

    /** Forwards it after a delay. */
    record Delay(long millis) implements Fault {}

    /**
     * Responds without the store.
     *
     * @param code of the error in the body; empty = no body
     */
    record Answer(int status, String code) implements Fault {}

    /** Closes the connection without the store. */
    record Reset() implements Fault {}

    /** Forwards it, and cuts the response off in the middle. */
    record Truncate() implements Fault {}

    /** Forwards it, and drops the response. */
    record Lose() implements Fault {}
  }

  /** Replaces the rule; one that is asked by many threads. */
  public void rule(Function<Request, Fault> newRule) {
    rule = newRule;
  }

  /** Returns its endpoint. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort());
  }

  @Override
  public void close() throws IOException {
    socket.close();
    threads.shutdownNow();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        threads.execute(() -> serve(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      client.setTcpNoDelay(true);
      InputStream in = client.getInputStream();
      List<String> head = head(in);
      String[] line = head.get(0).split(" ", -1);
      if (header(head, "expect").equalsIgnoreCase("100-continue")) {
        write(client, ascii("HTTP/1.1 100 Continue\r\n\r\n"));
      }
      String length = header(head, "content-length");
      byte[] body = in.readNBytes(length.isEmpty() ? 0 : Integer.parseInt(length));
      answer(client, head, body, rule.apply(new Request(line[0], line[1], headers(head))));
    } catch (IOException gone) {
      // The client closed the connection, which is allowed.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(Socket client, List<String> head, byte[] body, Fault fault)
      throws IOException, InterruptedException {
    if (fault instanceof Fault.Delay delay) {
      TimeUnit.MILLISECONDS.sleep(delay.millis());
      write(client, ask(head, body));
    } else if (fault instanceof Fault.Answer answer) {
      write(client, error(answer, head.get(0).startsWith("HEAD")));
    } else if (fault instanceof Fault.Truncate) {
      byte[] whole = ask(head, body);
      client.getOutputStream().write(whole, 0, whole.length / 2);
      client.getOutputStream().flush();
      client.setSoLinger(true, 0);
    } else {
      if (fault instanceof Fault.Lose) {
        ask(head, body);
      }
      client.setSoLinger(true, 0);
    }
  }

  private static byte[] error(Fault.Answer answer, boolean withoutBody) {
    String body =
        answer.code().isEmpty() || withoutBody
            ? ""
            : "<?xml version=\"1.0\"?><Error><Code>" + answer.code() + "</Code></Error>";
    return ascii(
        "HTTP/1.1 "
            + answer.status()
            + " Fault\r\nContent-Type: application/xml\r\nConnection: close\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  private byte[] ask(List<String> head, byte[] body) throws IOException {
    try (Socket server = new Socket(upstream.getHost(), upstream.getPort())) {
      StringBuilder request = new StringBuilder(head.get(0)).append("\r\n");
      for (String header : head.subList(1, head.size())) {
        String name = header.split(":", 2)[0].toLowerCase(Locale.ROOT);
        if (!Set.of("connection", "expect").contains(name)) {
          request.append(header).append("\r\n");
        }
      }
      OutputStream out = server.getOutputStream();
      out.write(ascii(request.append("Connection: close\r\n\r\n").toString()));
      out.write(body);
      out.flush();
      return server.getInputStream().readAllBytes();
    }
  }

  private static void write(Socket client, byte[] bytes) throws IOException {
    OutputStream out = client.getOutputStream();
    out.write(bytes);
    out.flush();
  }

  private static List<String> head(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < LONGEST_HEAD; i++) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException();
      }
      if (next == '\n') {
        String text = line.toString(StandardCharsets.ISO_8859_1).strip();
        if (text.isEmpty()) {
          return lines;
        }
        lines.add(text);
        line.reset();
      } else {
        line.write(next);
      }
    }
    throw new IOException("the head is too long");
  }

  private static Map<String, String> headers(List<String> head) {
    Map<String, String> headers = new HashMap<>();
    for (String line : head.subList(1, head.size())) {
      String[] parts = line.split(":", 2);
      headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1].strip());
    }
    return headers;
  }

  private static String header(List<String> head, String name) {
    return head.stream()
        .filter(each -> each.toLowerCase(Locale.ROOT).startsWith(name + ":"))
        .map(each -> each.substring(name.length() + 1).strip())
        .findFirst()
        .orElse("");
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
