package io.darkroom;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Ports of the loop-back interface. */
public final class Ports {
  /** Any free port. */
  public static final int ANY = 0;

  private Ports() {}

  /**
   * Returns the given port, or a free one for {@link #ANY}.
   *
   * @throws IllegalStateException if the port is in use
   */
  public static int take(String what, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return socket.getLocalPort();
    } catch (BindException e) {
      throw new IllegalStateException(what + ": port " + port + " is taken", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
