package io.darkroom.app.models;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.darkroom.LocalS3;
import io.darkroom.s3.S3Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A bucket that lists keys which an S3 server on a file system cannot hold. Every object has one
 * byte.
 */
final class FakeBucket implements AutoCloseable {
  private final List<String> keys;
  private final List<String> read = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  FakeBucket(List<String> keys) throws IOException {
    this.keys = keys;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  S3Settings settings() {
    return new S3Settings(
        Optional.of(URI.create("http://127.0.0.1:" + server.getAddress().getPort())),
        "eu-central-1",
        true,
        Optional.of(LocalS3.KEYS),
        Optional.empty(),
        Duration.ofSeconds(5),
        1);
  }

  /** The objects that were read. */
  List<String> read() {
    return read;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String query = String.valueOf(exchange.getRequestURI().getRawQuery());
    boolean list = query.contains("list-type=2");
    if (!list) {
      read.add(exchange.getRequestURI().getPath());
    }
    byte[] body = (list ? listing(query) : "x").getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private String listing(String query) {
    String prefix = parameter(query, "prefix");
    boolean level = query.contains("delimiter=");
    TreeSet<String> folders = new TreeSet<>();
    StringBuilder xml = new StringBuilder("<ListBucketResult><IsTruncated>false</IsTruncated>");
    xml.append("<EncodingType>url</EncodingType>");
    for (String key : keys) {
      int slash = key.startsWith(prefix) ? key.indexOf('/', prefix.length()) : -1;
      if (level && slash >= 0) {
        folders.add(key.substring(0, slash + 1));
      } else if (key.startsWith(prefix)) {
        xml.append("<Contents><Key>").append(encoded(key)).append("</Key><Size>1</Size>");
        xml.append("<ETag>\"e\"</ETag></Contents>");
      }
    }
    for (String folder : folders) {
      xml.append("<CommonPrefixes><Prefix>").append(encoded(folder));
      xml.append("</Prefix></CommonPrefixes>");
    }
    return xml.append("</ListBucketResult>").toString();
  }

  private static String encoded(String key) {
    return URLEncoder.encode(key, StandardCharsets.UTF_8);
  }

  private static String parameter(String query, String name) {
    Matcher found = Pattern.compile("(?:^|&)" + name + "=([^&]*)").matcher(query);
    return found.find() ? URLDecoder.decode(found.group(1), StandardCharsets.UTF_8) : "";
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
