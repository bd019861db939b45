package io.darkroom.console;

import com.sun.net.httpserver.HttpExchange;
import io.darkroom.image.OutputFormat;
import io.darkroom.image.OutputFormats;
import io.darkroom.render.ObjectStore;
import io.darkroom.render.ObjectUri;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Sends stored files to the page. It sends only files whose first bytes are those of an output
 * format, so that no stored file can act as a web page.
 */
final class StoredObjects {
  /** Media types that a browser shows; others are sent as bytes. */
  private static final Pattern SHOWN = Pattern.compile("(image|audio)/(png|jpeg|webp|bmp|wav)");

  private final AllowedStore store;

  StoredObjects(AllowedStore store) {
    this.store = store;
  }

  /** Answers with the object at an address in the store. */
  void answer(HttpExchange exchange, String address) throws IOException {
    ObjectUri uri;
    try {
      uri = ObjectUri.parse(address);
    } catch (IllegalArgumentException odd) {
      Reply.error(exchange, 400, String.valueOf(odd.getMessage()));
      return;
    }
    if (!store.shows(uri)) {
      Reply.error(exchange, 403, "the console does not show the bucket " + uri.bucket());
      return;
    }
    try {
      send(exchange, store.get(uri, Long.MAX_VALUE));
    } catch (ObjectStore.TooLarge large) {
      Reply.error(exchange, 413, String.valueOf(large.getMessage()));
    }
  }

  private static void send(HttpExchange exchange, Optional<byte[]> file) throws IOException {
    if (file.isEmpty()) {
      Reply.error(exchange, 404, "there is no such object");
      return;
    }
    Optional<OutputFormat> format = OutputFormats.of(file.get());
    if (format.isEmpty()) {
      Reply.error(exchange, 415, "the object is not an image, sound or tensor");
      return;
    }
    String type = format.get().mediaType();
    String shown = SHOWN.matcher(type).matches() ? type : "application/octet-stream";
    Reply.object(exchange, shown, file.get());
  }
}
