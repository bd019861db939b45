package io.darkroom.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Markdown page of the repository.
 *
 * @param file its path from the repository's root
 */
record Page(Path file, String text) {
  static final Path README = Path.of("README.md");

  private static final Path DEPLOYMENT = Path.of("deploy/README.md");
  private static final Path DOCS = Path.of("src/docs");
  private static final Pattern FENCE = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");

  /**
   * A fenced block.
   *
   * @param language after the opening fence; empty if there is none
   */
  record Block(String language, String text) {}

  static Page read(Path file) {
    try {
      return new Page(file, Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The README, the one of deploy, and the pages of src/docs. */
  static List<Page> documentation() throws IOException {
    List<Page> pages = new ArrayList<>(List.of(read(README), read(DEPLOYMENT)));
    pages.addAll(under(DOCS));
    return pages;
  }

  /** Every page of the repository. */
  static List<Page> all() throws IOException {
    List<Page> pages = new ArrayList<>(List.of(read(README), read(Path.of("CHANGELOG.md"))));
    pages.addAll(under(Path.of("src")));
    pages.addAll(under(Path.of("schemas")));
    pages.addAll(under(Path.of("deploy")));
    return pages;
  }

  List<Block> blocks() {
    return FENCE.matcher(text).results().map(b -> new Block(b.group(1), b.group(2))).toList();
  }

  /** The targets of all links and images outside fenced blocks. */
  List<String> links() {
    return LINK.matcher(prose()).results().map(link -> link.group(1)).toList();
  }

  /** The anchors of all headings, as GitHub makes them. */
  Set<String> anchors() {
    return HEADING.matcher(prose()).results().map(Page::anchor).collect(Collectors.toSet());
  }

  private String prose() {
    return FENCE.matcher(text).replaceAll("");
  }

  private static String anchor(MatchResult heading) {
    return heading
        .group(1)
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N} _-]", "")
        .replace(' ', '-');
  }

  private static List<Page> under(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".md"))
          .filter(file -> !file.toString().contains("node_modules"))
          .sorted()
          .map(Page::read)
          .toList();
    }
  }
}
