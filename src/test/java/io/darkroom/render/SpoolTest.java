package io.darkroom.render;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that objects on disk outlive the process, and that incomplete ones are dropped. */
class SpoolTest {
  private static final ObjectUri FOLDER = ObjectUri.parse("s3://pictures/renders/a/");
  private static final long ROOM = 1 << 20;

  @TempDir Path folder;

  private static Spool.Content content(String name, boolean commit) {
    return new Spool.Content(FOLDER.child(name), commit, "image/png", bytes(name));
  }

  private static Bytes bytes(String text) {
    return new Bytes(text.getBytes(UTF_8));
  }

  private Spool open(long maxBytes) throws IOException {
    return Spool.open(folder, maxBytes);
  }

  private static List<String> contents(Spool spool) {
    return spool.under(FOLDER).stream()
        .flatMap(entry -> spool.read(entry).stream())
        .map(
            content ->
                content.uri().key()
                    + " "
                    + content.commit()
                    + " "
                    + content.mediaType()
                    + " "
                    + new String(content.object().array(), UTF_8))
        .toList();
  }

  @Test
  void aLaterProcessFindsTheObjectsWithCommitsLast() throws IOException {
    try (Spool spool = open(ROOM)) {
      assertThat(spool.keep(content("manifest.json", true))).isTrue();
      assertThat(spool.keep(content("0.png", false))).isTrue();
    }
    try (Spool later = open(ROOM)) {
      assertThat(contents(later))
          .containsExactly(
              "renders/a/0.png false image/png 0.png",
              "renders/a/manifest.json true image/png manifest.json");
      assertThat(later.bytes()).isEqualTo(bytesOnDisk());
      later.under(FOLDER).forEach(later::remove);
      assertThat(later.bytes()).isZero();
    }
    assertThat(bytesOnDisk()).isZero();
  }

  private long bytesOnDisk() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    }
  }

  @Test
  void aRepeatedObjectReplacesTheFirst() throws IOException {
    try (Spool spool = open(ROOM)) {
      spool.keep(content("0.png", false));
      long once = spool.bytes();
      spool.keep(content("0.png", false));

      assertThat(spool.bytes()).isEqualTo(once).isEqualTo(bytesOnDisk());
    }
  }

  @Test
  void aFullSpoolRefusesObjectsAndReportsIt() throws IOException {
    long room;
    try (Spool spool = open(ROOM)) {
      spool.keep(content("manifest.json", true));
      assertThat(spool.problem()).isEmpty();
      room = spool.bytes();
    }
    try (Spool full = open(room)) {
      assertThat(full.keep(content("0.png", false))).isFalse();
      assertThat(full.problem())
          .hasValueSatisfying(
              problem ->
                  assertThat(problem)
                      .startsWith("the spool is full: %d of %d bytes".formatted(room, room)));
      full.under(FOLDER).forEach(full::remove);
      assertThat(full.problem()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"damaged", "short", "empty"})
  void anIncompleteFileIsIgnored(String fault) throws IOException {
    Path file;
    try (Spool spool = open(ROOM)) {
      spool.keep(content("0.png", false));
      file = spool.under(FOLDER).get(0).file();
      spool.keep(content("manifest.json", true));
    }
    byte[] bytes = Files.readAllBytes(file);
    if (fault.equals("damaged")) {
      bytes[bytes.length / 2] ^= 1;
    }
    Files.write(file, fault.equals("damaged") ? bytes : Arrays.copyOf(bytes, shorter(fault)));

    try (Spool later = open(ROOM)) {
      assertThat(contents(later)).hasSize(1).allMatch(text -> text.contains("manifest"));
    }
  }

  private static int shorter(String fault) {
    return fault.equals("empty") ? 0 : 60;
  }

  @Test
  void foreignFilesAreKeptAndUnfinishedOnesDeleted() throws IOException {
    Files.writeString(folder.resolve("notes.txt"), "mine");
    Files.writeString(folder.resolve(".123.part"), "half");
    Files.createDirectory(folder.resolve("lost+found"));

    try (Spool spool = open(ROOM)) {
      assertThat(spool.bytes()).isZero();
    }
    assertThat(folder.resolve("notes.txt")).exists();
    assertThat(folder.resolve(".123.part")).doesNotExist();
  }

  @Test
  void aResultWithoutItsCommitIsDroppedAtTheNextStart() throws IOException {
    try (Spool spool = open(ROOM)) {
      spool.keep(content("0.png", false));
    }
    try (Spool later = open(ROOM)) {
      assertThat(later.under(FOLDER)).isEmpty();
      assertThat(later.bytes()).isZero();
    }
  }

  @Test
  void twoWorkersDoNotShareAFolder() throws IOException {
    try (Spool spool = open(ROOM)) {
      assertThat(spool.bytes()).isZero();
      assertThatThrownBy(() -> open(ROOM))
          .isInstanceOf(IOException.class)
          .hasMessage(folder + ": is in use by another worker");
    }
    open(ROOM).close();
  }
}
