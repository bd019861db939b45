package io.darkroom.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.app.cli.FolderStore;
import io.darkroom.render.ObjectStore;
import io.darkroom.render.ObjectUri;
import io.darkroom.text.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GalleryTest {
  private static final byte[] PICTURE = {1, 2, 3};
  private static final String SHA256 = Sha256.of(PICTURE);

  @TempDir Path folder;
  private Gallery gallery;

  @BeforeEach
  void store() {
    ObjectStore store = new FolderStore(folder.resolve("store"));
    store.put(ObjectUri.parse("s3://darkroom/renders/cat/0-0123456789ab.png"), PICTURE, "");
    store.put(ObjectUri.parse("s3://darkroom/renders/cat/manifest.json"), new byte[] {'{'}, "");
    gallery = new Gallery(store, folder.resolve("out"));
  }

  @Test
  void picturesAndManifestsAreFetchedAndOldFilesAreDeleted() throws IOException {
    Path own = Files.createDirectories(folder.resolve("out/cat"));
    Files.writeString(own.resolve("0-ffffffffffff.png"), "of an earlier run");
    Files.writeString(own.resolve("notes.txt"), "somebody's own");

    Map<Picture, Path> files =
        gallery.fetch(
            Map.of(
                "cat",
                SampleNotices.completed("cat", SHA256),
                "bad",
                SampleNotices.rejected("bad")));

    assertThat(files.values()).containsExactly(own.resolve("0-0123456789ab.png"));
    assertThat(own.resolve("0-0123456789ab.png")).hasBinaryContent(PICTURE);
    assertThat(own).isDirectoryContaining("glob:**/manifest.json");
    assertThat(own).isDirectoryContaining("glob:**/notes.txt");
    assertThat(own).isDirectoryNotContaining("glob:**/0-ffffffffffff.png");
    assertThat(gallery.problems()).isEmpty();
  }

  @Test
  void bytesThatDifferFromTheEventAreAProblem() throws IOException {
    gallery.fetch(Map.of("cat", SampleNotices.completed("cat", "00")));

    assertThat(gallery.problems())
        .containsExactly(
            "s3://darkroom/renders/cat/0-0123456789ab.png: its SHA-256 is not that of its event");
  }

  @Test
  void aMissingObjectIsAProblem() throws IOException {
    gallery.fetch(Map.of("dog", SampleNotices.completed("dog", Sha256.of(new byte[0]))));

    assertThat(gallery.problems())
        .containsExactly(
            "s3://darkroom/renders/dog/0-0123456789ab.png: is not there",
            "s3://darkroom/renders/dog/manifest.json: is not there");
  }
}
