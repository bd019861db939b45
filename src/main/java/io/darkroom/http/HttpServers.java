package io.darkroom.http;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Opens the JDK's HTTP servers. */
public final class HttpServers {

  private HttpServers() {}

  /**
   * Opens a server that is not started yet.
   *
   * @param tls certificate of an HTTPS server; empty: HTTP
   * @throws IOException if the address is in use, or a file of the certificate is unusable
   */
  public static HttpServer open(InetSocketAddress address, Optional<TlsFiles> tls)
      throws IOException {
    if (tls.isEmpty()) {
      return HttpServer.create(address, 0);
    }
    HttpsConfigurator certificate = new HttpsConfigurator(tls.get().read());
    HttpsServer server = HttpsServer.create(address, 0);
    server.setHttpsConfigurator(certificate);
    return server;
  }
}
