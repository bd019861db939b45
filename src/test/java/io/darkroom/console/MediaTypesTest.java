package io.darkroom.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.image.Medium;
import io.darkroom.image.OutputFormat;
import io.darkroom.image.OutputFormats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page finds the media type of a file by its extension, with a list in {@code media.js}. */
class MediaTypesTest {
  private static final Path SCRIPT = Path.of("src/main/resources/console/media.js");
  private static final Pattern LIST = Pattern.compile("typeOf = uri => \\(\\{(.*?)}\\)");
  private static final Pattern ENTRY = Pattern.compile("(\\w+): '([^']+)'");

  /** Input images may also have this extension. */
  private static final String JPG = "jpg";

  @Test
  void thePageListsTheOutputFormatsOfPicturesAndSounds() throws IOException {
    Map<String, String> expected =
        ServiceLoader.load(OutputFormat.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(format -> shown(format.mediaType()))
            .collect(Collectors.toMap(OutputFormat::name, OutputFormat::mediaType));
    expected.put(JPG, OutputFormats.mediaType("jpeg"));

    assertThat(listed()).isEqualTo(expected).containsKeys("png", "webp", "wav");
  }

  @Test
  void everyDefaultFormatHasAMediaType() {
    for (Medium.Kind kind : Medium.Kind.values()) {
      String format = new Medium(kind, 2, 0).standardFormat();
      assertThat(OutputFormats.mediaType(format)).as(format).contains("/");
    }
  }

  private static boolean shown(String mediaType) {
    return mediaType.startsWith("image/") || mediaType.startsWith("audio/");
  }

  private static Map<String, String> listed() throws IOException {
    Matcher list = LIST.matcher(Files.readString(SCRIPT));
    assertThat(list.find()).isTrue();
    return ENTRY
        .matcher(list.group(1))
        .results()
        .collect(Collectors.toMap(entry -> entry.group(1), entry -> entry.group(2)));
  }
}
