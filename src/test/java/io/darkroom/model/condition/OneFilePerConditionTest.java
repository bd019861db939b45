package io.darkroom.model.condition;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.darkroom.model.Condition;
import io.darkroom.model.ConditionFamily;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A condition is one file: nothing else of the product names it or the inputs that it fills. */
class OneFilePerConditionTest {
  private static final Path SOURCES = Path.of("src/main/java/io/darkroom");
  private static final Path CONDITIONS = SOURCES.resolve("model/condition");
  private static final Path NAMES = SOURCES.resolve("model/NetworkNames.java");

  /** The inputs that one condition fills, as literals, and constants of shared names. */
  private static final List<String> INPUTS =
      List.of(
          "\"encoder_hidden_states\"",
          "\"encoder_attention_mask\"",
          "\"timestep_cond\"",
          "\"time_ids\"",
          "\"guidance\"",
          "\"class_labels\"",
          "CLASS_LABELS");

  @Test
  void onlyItsOwnPartsDependOnACondition() {
    JavaClasses product =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.darkroom");
    List<JavaClass> conditions =
        product.stream()
            .filter(each -> each.isAssignableTo(Condition.class) && !each.isInterface())
            .toList();
    assertThat(conditions).hasSizeGreaterThanOrEqualTo(3);
    assertThat(conditions)
        .allSatisfy(
            condition ->
                assertThat(condition.getDirectDependenciesToSelf())
                    .allSatisfy(
                        use ->
                            assertThat(use.getOriginClass().getName())
                                .startsWith(condition.getName())));
  }

  @Test
  void everyConditionIsFound() throws IOException {
    try (Stream<Path> files = Files.list(CONDITIONS)) {
      long written = files.filter(file -> !file.endsWith("package-info.java")).count();
      assertThat(ServiceLoader.load(ConditionFamily.class).stream().count()).isEqualTo(written);
    }
  }

  @Test
  void onlyConditionsNameFurtherInputs() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      List<Path> naming =
          files
              .filter(file -> file.toString().endsWith(".java") && !file.startsWith(CONDITIONS))
              .filter(file -> !file.equals(NAMES))
              .filter(file -> INPUTS.stream().anyMatch(text(file)::contains))
              .toList();
      assertThat(naming).isEmpty();
    }
  }

  @Test
  void theNamesOfInputsAreThoseOfTheConditions() throws IOException {
    try (Stream<Path> files = Files.list(CONDITIONS)) {
      String all = files.map(OneFilePerConditionTest::text).reduce(text(NAMES), String::concat);
      assertThat(INPUTS).allSatisfy(name -> assertThat(all).contains(name));
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
