package io.darkroom.app.cli;

import io.darkroom.app.Configured;
import io.darkroom.json.MessageHeaders;
import io.darkroom.kafka.OffsetRange;
import io.darkroom.kafka.RecordRange;
import io.darkroom.kafka.RecordSelection;
import io.darkroom.kafka.TopicNames;
import io.darkroom.render.ObjectUri;
import io.darkroom.replay.Finding;
import io.darkroom.replay.ManifestFinder;
import io.darkroom.text.Printable;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options of {@code replay} that select requests. */
final class ReplaySelection {
  private static final int MAX_LISTED = 10;
  private static final int MAX_ID = 80;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

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
      description = "Topic of the requests. Default: the first of darkroom.kafka.requests-topics.")
  private @Nullable String topic;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      converter = UtcTimeOption.class,
      description = "Records published at this time or later, e.g. 2026-01-31T08:00:00Z.")
  private @Nullable Instant from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      converter = UtcTimeOption.class,
      description = "Records published before this time.")
  private @Nullable Instant to;

  @Option(
      names = "--offsets",
      paramLabel = "PARTITION:FROM-TO",
      converter = OffsetsOption.class,
      description = {
        "Records of this partition with these offsets, TO inclusive; either may be left out.",
        "May be repeated for other partitions. Partitions that are not named are not read."
      })
  private List<OffsetRange> offsets = List.of();

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

  private RecordSelection records = RecordSelection.ALL;
  private Set<String> listed = Set.of();

  /** Receives the selected requests. */
  interface Visitor {
    /** Receives a request, or the reason why it cannot be replayed. */
    void visit(ManifestFinder.Found found) throws InterruptedException;

    /**
     * Receives the number of records or manifests, selected or not. Called before the first visit.
     */
    void expect(long count);
  }

  /** Checks the options and reads the file of ids. Called once, before anything is opened. */
  void check() {
    if (manifests != null) {
      refuseWithManifests("--topic", topic != null);
      refuseWithManifests("--from", from != null);
      refuseWithManifests("--to", to != null);
      refuseWithManifests("--offsets", !offsets.isEmpty());
    }
    if (from != null && to != null && from.isAfter(to)) {
      throw OptionCheck.refused(command, "--from: must be at most --to, is " + from);
    }
    try {
      records = new RecordSelection(Optional.ofNullable(from), Optional.ofNullable(to), offsets);
    } catch (IllegalArgumentException several) {
      throw OptionCheck.refused(command, "--offsets: " + several.getMessage());
    }
    if (ids != null) {
      listed = listedIds(ids);
    }
  }

  /** Returns the prefix of the manifests that are replayed; empty for the records of a topic. */
  Optional<ObjectUri> manifests() {
    return Optional.ofNullable(manifests);
  }

  private void refuseWithManifests(String option, boolean given) {
    if (given) {
      throw OptionCheck.refused(
          command, option + ": selects records of a topic, cannot be given with --manifests");
    }
  }

  private Set<String> listedIds(Path file) {
    try {
      return Files.readAllLines(file).stream()
          .map(String::strip)
          .filter(line -> !line.isEmpty())
          .collect(Collectors.toCollection(LinkedHashSet::new));
    } catch (CharacterCodingException binary) {
      throw OptionCheck.refused(command, "--ids: must be text in UTF-8, is not: " + file);
    } catch (IOException unreadable) {
      throw OptionCheck.refused(command, "--ids: must be a file that can be read, is " + file);
    }
  }

  /**
   * Visits the selection, in the order of the topic or of the keys.
   *
   * @return whether it has a request, and all listed ones; if not, the reason was printed
   */
  boolean forEach(
      Terminal terminal,
      LocalConfig config,
      Originals originals,
      ManifestFinder finder,
      Visitor visitor)
      throws InterruptedException {
    Selected selected = new Selected(visitor);
    if (manifests != null) {
      visitManifests(originals, finder, selected);
    } else {
      visitTopic(config, finder, selected);
    }
    return selected.complete(terminal);
  }

  private void visitManifests(Originals originals, ManifestFinder finder, Visitor visitor)
      throws InterruptedException {
    ObjectUri prefix = manifests == null ? new ObjectUri("", "") : manifests;
    List<ObjectUri> found = originals.list(prefix, "/manifest.json");
    visitor.expect(found.size());
    for (ObjectUri uri : found) {
      Optional<ManifestFinder.Found> manifest = finder.at(uri);
      if (manifest.isPresent()) {
        visitor.visit(manifest.get());
      }
    }
  }

  private void visitTopic(LocalConfig config, ManifestFinder finder, Visitor visitor)
      throws InterruptedException {
    TopicNames names = Configured.topics(config.worker().kafka());
    String name = topic == null ? names.requests().get(0) : topic;
    try (RecordRange range = RecordRange.open(config.broker(), name, records)) {
      visitor.expect(range.count());
      range.forEach(
          (String source, byte[] body, MessageHeaders headers, Optional<String> failure) ->
              visitor.visit(finder.ofRecord(source, body, headers, failure)));
    }
  }

  /** Passes the selected requests on, and counts them. */
  private final class Selected implements Visitor {
    private final Visitor visitor;
    private final Optional<Pattern> pattern = Optional.ofNullable(id).map(ReplaySelection::pattern);
    private final Set<String> missing = new LinkedHashSet<>(listed);
    private boolean any;

    Selected(Visitor visitor) {
      this.visitor = visitor;
    }

    @Override
    public void visit(ManifestFinder.Found found) throws InterruptedException {
      String name = requestId(found);
      missing.remove(name);
      boolean chosen = pattern.isEmpty() || pattern.get().matcher(name).matches();
      if (chosen && (ids == null || listed.contains(name))) {
        any = true;
        visitor.visit(found);
      }
    }

    @Override
    public void expect(long count) {
      visitor.expect(count);
    }

    boolean complete(Terminal terminal) {
      if (!missing.isEmpty()) {
        String names =
            missing.stream()
                .limit(MAX_LISTED)
                .map(name -> Printable.line(name, MAX_ID))
                .collect(Collectors.joining(", "));
        int more = missing.size() - MAX_LISTED;
        terminal.complain(
            "--ids: not found: " + names + (more > 0 ? " and " + more + " more" : ""));
      }
      if (!any) {
        terminal.complain("no request was selected");
      }
      return any && missing.isEmpty();
    }
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
}
