package io.darkroom.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PagesTest {
  private static final int README_BYTES = 12 * 1024;

  @Test
  void theReadmeIsShort() throws IOException {
    assertThat(Files.size(Page.README)).isLessThanOrEqualTo(README_BYTES);
  }

  @Test
  void everyPageBeginsWithItsReaders() throws IOException {
    assertThat(Page.documentation())
        .filteredOn(page -> !page.file().equals(Page.README))
        .hasSizeGreaterThanOrEqualTo(8)
        .allSatisfy(page -> assertThat(page.text()).matches("(?s)# [^\\n]+\\n\\nFor .*"));
  }

  @Test
  void everyRelativeLinkLeadsToAFileAndAHeading() throws IOException {
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Page page : Page.all()) {
      for (String link : page.links()) {
        if (!link.matches("[a-z]+:.*")) {
          links++;
          if (!leads(page, link)) {
            broken.add(page.file() + ": " + link);
          }
        }
      }
    }
    assertThat(broken).isEmpty();
    assertThat(links).isGreaterThan(30);
  }

  @Test
  void theReadmeLinksToEveryPage() throws IOException {
    List<String> links = Page.read(Page.README).links();

    assertThat(Page.documentation())
        .extracting(page -> page.file().toString())
        .filteredOn(file -> !file.equals("README.md"))
        .isSubsetOf(links);
  }

  @Test
  void everyFencedBlockNamesItsLanguage() throws IOException {
    for (Page page : Page.documentation()) {
      assertThat(page.blocks())
          .as(page.file().toString())
          .extracting(Page.Block::language)
          .allMatch(language -> List.of("sh", "json", "java", "python", "text").contains(language));
    }
  }

  private static boolean leads(Page page, String link) {
    String[] parts = link.split("#", 2);
    Path folder = page.file().toAbsolutePath().getParent();
    Path target = parts[0].isEmpty() ? page.file() : folder.resolve(parts[0]).normalize();
    boolean anchored =
        parts.length < 2
            || (Files.exists(target) && Page.read(target).anchors().contains(parts[1]));
    return Files.exists(target) && anchored;
  }
}
