package io.darkroom.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.render.ObjectStore;
import io.darkroom.render.ObjectStoreContract;
import io.darkroom.render.ObjectUri;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderStoreTest extends ObjectStoreContract {
  @TempDir Path folder;

  @Override
  protected ObjectStore store() {
    return new FolderStore(folder);
  }

  @Override
  protected String bucket() {
    return "pictures";
  }

  @Test
  void anObjectIsTheFileOfItsName() throws IOException {
    store().put(ObjectUri.parse("s3://pictures/cat/0.png"), new byte[] {1, 2}, "image/png");

    assertThat(Files.readAllBytes(folder.resolve("pictures/cat/0.png"))).containsExactly(1, 2);
    try (Stream<Path> files = Files.list(folder.resolve("pictures/cat"))) {
      assertThat(files).as("nothing is left over").hasSize(1);
    }
  }

  @Test
  void aFolderWithTheNameOfTheFileIsAStoreFailure() {
    store().put(ObjectUri.parse("s3://pictures/cat/0.png"), new byte[] {1}, "image/png");

    assertThatThrownBy(
            () -> store().put(ObjectUri.parse("s3://pictures/cat"), new byte[] {2}, "image/png"))
        .isInstanceOf(ObjectStore.StoreFailure.class)
        .hasMessageStartingWith("s3://pictures/cat: could not be written: ");
  }
}
