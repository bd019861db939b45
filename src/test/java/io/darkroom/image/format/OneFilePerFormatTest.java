package io.darkroom.image.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.darkroom.image.Medium;
import io.darkroom.image.OutputFormat;
import io.darkroom.image.OutputFormats;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A format is one file: no other file of the product names its class. */
class OneFilePerFormatTest {

  @Test
  void onlyItsOwnPartsDependOnAFormat() {
    List<JavaClass> formats =
        new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.darkroom")
                .stream()
                .filter(each -> each.isAssignableTo(OutputFormat.class) && !each.isInterface())
                .toList();
    assertThat(formats).hasSizeGreaterThanOrEqualTo(3);
    assertThat(formats)
        .allSatisfy(
            format ->
                assertThat(format.getDirectDependenciesToSelf())
                    .allSatisfy(
                        use ->
                            assertThat(use.getOriginClass().getName())
                                .startsWith(format.getName())));
  }

  @Test
  void everyFormatIsFoundByItsName() {
    assertThat(OutputFormats.names(any -> true)).contains("jpeg", "npy", "png", "wav", "webp");
    assertThat(OutputFormats.names(format -> format.holds(Medium.PICTURE, 4))).isEqualTo("npy");
    assertThat(OutputFormats.find("png").orElseThrow().mediaType()).isEqualTo("image/png");
    assertThat(OutputFormats.find("gif")).isEmpty();
    assertThat(OutputFormats.namesWithBits(Medium.uint16(2), 1))
        .isEqualTo("npy (float32) or png (16 bits)");
    assertThat(OutputFormats.namesWithBits(Medium.uint16(2), 2)).isEqualTo("npy (float32)");
    assertThat(OutputFormats.namesWithBits(Medium.uint16(0), 1)).isEqualTo("npy (float32)");
  }
}
