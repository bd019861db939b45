package io.darkroom.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExampleTest {
  @TempDir Path folder;

  @Test
  void theAddressOfAnOutputReplacesItsPlaceholder() {
    Example example = new Example("large", "{\"image\": {\"uri\": \"${output:a:b.c:12}\"}}");

    assertThat(example.needs()).containsExactly(new Example.Needed("a:b.c", 12));
    byte[] body = example.body(needed -> "s3://b/$1/" + needed.index() + ".png");
    assertThat(new String(body, StandardCharsets.UTF_8))
        .isEqualTo("{\"image\": {\"uri\": \"s3://b/$1/12.png\"}}");
  }

  @Test
  void theIdComesFromTheTextOrElseFromTheFileName() {
    assertThat(new Example("file", "{\"id\": \"text\"}").id()).isEqualTo("text");
    assertThat(new Example("file", "{\"id\": 7}").id()).isEqualTo("file");
    assertThat(new Example("file", "{").id()).isEqualTo("file");
    assertThat(new Example("file", "").id()).isEqualTo("file");
  }

  @Test
  void aFolderIsReadInTheOrderOfNames() throws IOException {
    Files.writeString(folder.resolve("b.json"), "{}");
    Files.writeString(folder.resolve("bad-a.json"), "{}");
    Files.writeString(folder.resolve("README.md"), "no request");

    assertThat(Example.read(folder)).extracting(Example::name).containsExactly("b", "bad-a");
    assertThat(Example.read(folder)).extracting(Example::bad).containsExactly(false, true);
  }

  @Test
  void aFolderWithoutRequestsIsNamed() {
    assertThatThrownBy(() -> Example.read(folder))
        .isInstanceOf(DemoFailure.class)
        .hasMessage("requests: there is no *.json in " + folder);
    Path nowhere = folder.resolve("nowhere");
    assertThatThrownBy(() -> Example.read(nowhere))
        .hasMessage("requests: " + nowhere + " is not a folder");
  }
}
