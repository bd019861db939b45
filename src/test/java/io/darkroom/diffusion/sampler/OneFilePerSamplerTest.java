package io.darkroom.diffusion.sampler;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A sampler is one file: no other file of the product names, lists or tests for it. */
class OneFilePerSamplerTest {
  private static final Path SOURCES = Path.of("src/main/java/io/darkroom");
  private static final Path SAMPLERS = SOURCES.resolve("diffusion/sampler");
  private static final Path SCHEMAS = Path.of("schemas");

  @Test
  void onlyItsOwnPartsDependOnAFamily() {
    JavaClasses product =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.darkroom");

    classes()
        .that(
            DescribedPredicate.describe(
                "are families of samplers",
                each -> each.isAssignableTo(SamplerFamily.class) && !each.isInterface()))
        .should(beUsedByTheirOwnPartsAlone())
        .check(product);
  }

  private static ArchCondition<JavaClass> beUsedByTheirOwnPartsAlone() {
    return new ArchCondition<>("be used by their own parts alone") {
      @Override
      public void check(JavaClass family, ConditionEvents events) {
        family.getDirectDependenciesToSelf().stream()
            .filter(use -> !use.getOriginClass().getName().startsWith(family.getName()))
            .forEach(
                use -> events.add(SimpleConditionEvent.violated(family, use.getDescription())));
      }
    };
  }

  @Test
  void aClassNameIsInOneFileAndAliasesInNoOtherPackage() throws IOException {
    Map<Path, String> sources = read(SOURCES);
    Map<Path, String> schemas = read(SCHEMAS);
    for (SamplerFamily family : Samplers.families()) {
      String quoted = '"' + family.className() + '"';
      assertThat(holding(sources, quoted))
          .as(quoted)
          .containsExactly(SAMPLERS.resolve(file(family)));
      assertThat(holding(schemas, quoted)).allMatch(OneFilePerSamplerTest::isExample);
      for (Alias alias : family.aliases()) {
        assertThat(holding(sources, '"' + alias.name() + '"'))
            .as(alias.name())
            .allMatch(path -> path.startsWith(SAMPLERS));
        assertThat(holding(schemas, '"' + alias.name() + '"'))
            .as(alias.name())
            .allMatch(OneFilePerSamplerTest::isExample);
      }
    }
  }

  private static String file(SamplerFamily family) {
    return family.getClass().getSimpleName() + ".java";
  }

  private static boolean isExample(Path path) {
    return path.startsWith(SCHEMAS.resolve("examples"));
  }

  private static Map<Path, String> read(Path folder) throws IOException {
    Map<Path, String> texts = new TreeMap<>();
    List<Path> all;
    try (Stream<Path> files = Files.walk(folder)) {
      all = files.filter(Files::isRegularFile).toList();
    }
    for (Path file : all) {
      texts.put(file, Files.readString(file));
    }
    return texts;
  }

  private static List<Path> holding(Map<Path, String> texts, String text) {
    return texts.keySet().stream().filter(file -> texts.get(file).contains(text)).toList();
  }
}
