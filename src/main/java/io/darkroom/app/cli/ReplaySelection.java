package io.darkroom.app.cli;

import io.darkroom.app.Configured;
import io.darkroom.json.MessageHeaders;
import io.darkroom.kafka.RecordRange;
import io.darkroom.kafka.TopicNames;
import io.darkroom.render.ObjectUri;
import io.darkroom.replay.Finding;
import io.darkroom.replay.ManifestFinder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of {@code replay} that select requests. */
final class ReplaySelection {
  private static final long MAX_MANIFEST_BYTES = 4 << 20;

  @Option(
      names = "--manifests",
      paramLabel = "PREFIX",
      converter = UriOption.class,
      description =
          "Replays the manifests under s3://bucket/prefix/ instead of the records of a topic.")
  private @Nullable ObjectUri manifests;

  @Option(
      names = "--topic",
      paramLabel = "NAME",
      description = "Topic of the requests. Default: darkroom.kafka.requests-topic.")
  private @Nullable String topic;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "Records published at this time or later, e.g. 2026-01-31T08:00:00Z.")
  private @Nullable Instant from;

  @Option(names = "--to", paramLabel = "TIME", description = "Records published before this time.")
  private @Nullable Instant to;

  @Option(
      names = "--id",
      paramLabel = "PATTERN",
      description = "Requests whose id matches; * stands for any characters.")
  private @Nullable String id;

  @Option(
      names = "--ids",
      paramLabel = "FILE",
      description = "Requests whose ids are in this file, one per line.")
  private @Nullable Path ids;

  /** Receives what is selected. */
  interface Visitor {
    /** Takes a request that can be replayed, or the finding on one that cannot. */
    void visit(ManifestFinder.Found found) throws InterruptedException;

    /** How many records or manifests there are, selected or not; known before the first. */
    void expect(long count);
  }

  /** Visits the selection, in the order of the topic or of the keys. */
  void forEach(LocalConfig config, Originals originals, ManifestFinder finder, Visitor visitor)
      throws IOException, InterruptedException {
    Set<String> listed = listedIds();
    Visitor selected = filtered(visitor, listed);
    if (manifests != null) {
      visitManifests(originals, finder, selected);
    } else {
      visitTopic(config, finder, selected);
    }
  }

  private void visitManifests(Originals originals, ManifestFinder finder, Visitor visitor)
      throws InterruptedException {
    ObjectUri prefix = manifests == null ? new ObjectUri("", "") : manifests;
    List<ObjectUri> found = originals.list(prefix, "/manifest.json");
    visitor.expect(found.size());
    for (ObjectUri uri : found) {
      Optional<byte[]> bytes = originals.store().get(uri, MAX_MANIFEST_BYTES);
      if (bytes.isPresent()) {
        visitor.visit(finder.ofManifest(uri.toString(), bytes.get()));
      }
    }
  }

  private void visitTopic(LocalConfig config, ManifestFinder finder, Visitor visitor)
      throws InterruptedException {
    TopicNames names = Configured.topics(config.worker().kafka());
    String name = topic == null ? names.requests() : topic;
    try (RecordRange range =
        RecordRange.open(
            config.broker(), name, Optional.ofNullable(from), Optional.ofNullable(to))) {
      visitor.expect(range.count());
      range.forEach(
          (String source, byte[] body, MessageHeaders headers) ->
              visitor.visit(finder.ofRecord(source, body, headers)));
    }
  }

  private Visitor filtered(Visitor visitor, Set<String> listed) {
    Optional<Pattern> pattern = Optional.ofNullable(id).map(ReplaySelection::pattern);
    return new Visitor() {
      @Override
      public void visit(ManifestFinder.Found found) throws InterruptedException {
        String name = requestId(found);
        boolean chosen = pattern.isEmpty() || pattern.get().matcher(name).matches();
        if (chosen && (ids == null || listed.contains(name))) {
          visitor.visit(found);
        }
      }

      @Override
      public void expect(long count) {
        visitor.expect(count);
      }
    };
  }

  private static String requestId(ManifestFinder.Found found) {
    if (found instanceof ManifestFinder.Found.Request request) {
      return request.recorded().original().requestId();
    }
    Finding finding = ((ManifestFinder.Found.Nothing) found).finding();
    return finding.requestId();
  }

  private static Pattern pattern(String glob) {
    return Pattern.compile("\\Q" + glob.replace("\\E", "").replace("*", "\\E.*\\Q") + "\\E");
  }

  private Set<String> listedIds() throws IOException {
    Set<String> listed = new HashSet<>();
    if (ids != null) {
      Files.readAllLines(ids).forEach(line -> listed.add(line.strip()));
    }
    return listed;
  }
}
