package io.darkroom.app.cli;

import io.darkroom.replay.ManifestFinder;
import io.darkroom.text.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.TreeMap;

/**
 * Chooses a sample of a selection: the requests with the smallest hashes. The choice depends only
 * on the requests, so the same selection gives the same sample.
 */
final class ReplaySample implements ReplaySelection.Visitor {
  private final int size;
  private final TreeMap<String, ManifestFinder.Found> chosen = new TreeMap<>();

  ReplaySample(int size) {
    this.size = size;
  }

  @Override
  public void visit(ManifestFinder.Found found) {
    chosen.put(hash(found), found);
    if (chosen.size() > size) {
      chosen.pollLastEntry();
    }
  }

  @Override
  public void expect(long count) {
    // The number of requests does not matter for the sample.
  }

  Collection<ManifestFinder.Found> chosen() {
    return chosen.values();
  }

  private static String hash(ManifestFinder.Found found) {
    String source =
        found instanceof ManifestFinder.Found.Request request
            ? request.recorded().source()
            : ((ManifestFinder.Found.Nothing) found).finding().source();
    return Sha256.of(source.getBytes(StandardCharsets.UTF_8));
  }
}
