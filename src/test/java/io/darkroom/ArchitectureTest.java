package io.darkroom;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.darkroom.engine.EngineObserver;
import io.darkroom.engine.StageJob;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Checks that imports go in one direction, and that the inner packages are plain Java. */
class ArchitectureTest {
  private static final String ROOT = "io.darkroom.";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.darkroom");

  private static final String[] PLAIN = {
    "java..",
    "org.jspecify..",
    "com.google.auto.service..",
    "com.google.errorprone.annotations..",
    "io.darkroom.text.."
  };

  /**
   * Package -> packages of Darkroom that it may import; {@code diffusion..} includes its
   * sub-packages. {@code app} may import all.
   */
  private static final Map<String, List<String>> MAY_IMPORT =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("text", List.of()),
              Map.entry("diffusion", List.of()),
              Map.entry("diffusion.noise", List.of()),
              Map.entry("diffusion.schedule", List.of("diffusion")),
              Map.entry(
                  "diffusion.sampler",
                  List.of("diffusion", "diffusion.noise", "diffusion.schedule")),
              Map.entry("image", List.of()),
              Map.entry("image.format", List.of("image")),
              Map.entry("job", List.of("diffusion")),
              Map.entry("model", List.of("diffusion..", "job", "image")),
              Map.entry("model.condition", List.of("diffusion..", "job", "image", "model")),
              Map.entry("plan", List.of("diffusion..", "job", "image", "model")),
              Map.entry("engine", List.of("diffusion..", "job", "model", "plan", "image")),
              Map.entry("json", List.of("diffusion", "job", "plan")),
              Map.entry(
                  "render",
                  List.of("diffusion..", "job", "model", "plan", "engine", "image", "json")),
              Map.entry(
                  "onnx",
                  List.of("diffusion..", "job", "model", "plan", "engine", "image", "json")),
              Map.entry("replay", List.of("job", "image", "json", "render")),
              Map.entry("attest", List.of("job", "json", "render")),
              Map.entry("s3", List.of("render")),
              Map.entry("http", List.of()),
              Map.entry("kafka", List.of("job", "render", "json")),
              Map.entry(
                  "console",
                  List.of(
                      "diffusion..",
                      "job",
                      "image",
                      "model",
                      "json",
                      "render",
                      "replay",
                      "attest",
                      "http",
                      "kafka"))));

  /** Package -> libraries that it may use in addition to {@link #PLAIN}. */
  private static final Map<String, List<String>> LIBRARIES =
      Map.of(
          "image",
              List.of(
                  "javax.imageio..",
                  "javax.sound.sampled",
                  "com.luciad.imageio.webp..",
                  "com.twelvemonkeys.imageio.plugins.webp.."),
          "json", List.of("com.fasterxml.jackson..", "com.networknt..", "org.erdtman.jcs.."),
          "onnx",
              List.of(
                  "ai.onnx..",
                  "ai.onnxruntime..",
                  "ai.djl..",
                  "com.sun.jna..",
                  "org.tribuo..",
                  "com.google.protobuf..",
                  "org.jboss.logging.."),
          "s3", List.of("software.amazon.awssdk..", "javax.net.ssl..", "org.jboss.logging.."),
          "http",
              List.of("com.sun.net.httpserver..", "javax.net.ssl..", "org.apache.kafka.common.."),
          "console", List.of("com.sun.net.httpserver..", "org.apache.kafka.common"),
          "kafka",
              List.of(
                  "org.eclipse.microprofile..",
                  "io.smallrye..",
                  "io.quarkus.logging..",
                  "org.apache.kafka..",
                  "jakarta..",
                  "org.jboss.logging.."));

  @TestFactory
  Stream<DynamicTest> everyPackageImportsOnlyWhatItMay() {
    return MAY_IMPORT.keySet().stream()
        .map(name -> DynamicTest.dynamicTest(name, () -> check(name)));
  }

  private static void check(String name) {
    List<String> allowed = new ArrayList<>(Arrays.asList(PLAIN));
    allowed.add(ROOT + name);
    MAY_IMPORT.get(name).forEach(other -> allowed.add(ROOT + other));
    allowed.addAll(LIBRARIES.getOrDefault(name, List.of()));
    classes()
        .that()
        .resideInAPackage(ROOT + name)
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(allowed.toArray(String[]::new)).or(primitiveArrays()))
        .check(CLASSES);
  }

  private static DescribedPredicate<JavaClass> primitiveArrays() {
    return DescribedPredicate.describe(
        "primitives and their arrays", type -> type.getBaseComponentType().isPrimitive());
  }

  @Test
  void everyPackageIsNamedHere() {
    List<String> named = new ArrayList<>();
    MAY_IMPORT.keySet().forEach(name -> named.add(ROOT + name));
    named.add(ROOT + "app..");
    classes().should().resideInAnyPackage(named.toArray(String[]::new)).check(CLASSES);
  }

  /** The engine has one thread, so other threads write files, compute digests and wait. */
  @Test
  void theEngineDoesNotUseFilesDigestsOrFutures() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "engine..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.security..", "java.util.zip..", "java.io..", "java.nio.file..")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching(
            ".*\\.image\\.(Png|Jpeg|Webp|DeepPng|Result|Picture|Npy).*|.*\\.text\\.Sha256")
        .orShould()
        .callMethod(CompletableFuture.class, "join")
        .orShould()
        .callMethod(CompletableFuture.class, "get")
        .check(CLASSES);
  }

  /**
   * Clocks are injected: the code that creates an object passes {@code System::nanoTime} or a
   * clock.
   */
  @Test
  void noClassReadsTheSystemClock() {
    noClasses()
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Instant.class, "now")
        .check(CLASSES);
  }

  @Test
  void onlyCommandsAndWiringCreateTheSystemClock() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "app..")
        .should()
        .callMethod(Clock.class, "systemUTC")
        .check(CLASSES);
  }

  /** The caller passes the threads. */
  @Test
  void noClassUsesForkJoinPools() {
    noClasses().should().dependOnClassesThat().areAssignableTo(ForkJoinPool.class).check(CLASSES);
  }

  /** Listeners of the engine leave values for other threads to encode and send. */
  @Test
  void listenersOnTheEngineThreadDoNotEncodeDigestOrSend() {
    noClasses()
        .that()
        .areAssignableTo(StageJob.ProgressListener.class)
        .or()
        .areAssignableTo(EngineObserver.class)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            ROOT + "json..", ROOT + "kafka..", ROOT + "s3..", "java.security..", "java.io..")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching(".*\\.(Sha256|JobListener|ObjectStore)")
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.darkroom.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  /**
   * {@code cli} and {@code health} import {@code app}, which imports {@code metrics} and {@code
   * models}.
   */
  @Test
  void partsOfTheAppImportInOneDirection() {
    importsNone("app.metrics..", "app", "app.cli..", "app.health..");
    importsNone("app.models..", "app", "app.cli..", "app.health..", "app.metrics..");
    importsNone("app", "app.cli..", "app.health..");
    importsNone("app.health..", "app.cli..");
    importsNone("app.cli..", "app.health..");
  }

  private static void importsNone(String name, String... others) {
    noClasses()
        .that()
        .resideInAPackage(ROOT + name)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(Stream.of(others).map(ROOT::concat).toArray(String[]::new))
        .check(CLASSES);
  }

  @Test
  void noClassPrints() {
    noClasses()
        .that(alwaysTrue())
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(CLASSES);
  }
}
