package io.darkroom.diffusion.sampler;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/**
 * Pictures have the same bits on every machine and Java version: the last bit of {@link Math}'s
 * transcendental functions depends on the machine, that of {@link StrictMath}'s does not.
 */
class StrictArithmeticTest {
  private static final DescribedPredicate<HasName> EXACT =
      nameMatching(
          "abs|min|max|clamp|sqrt|fma|rint|round|floor|ceil|signum|copySign|ulp|scalb|getExponent"
              + "|nextUp|nextDown|floor(Div|Mod)|ceilDiv|(add|subtract|multiply|toInt|negate)Exact"
              + "|multiply(Full|High)|unsignedMultiplyHigh");

  private static ArchRule onlyExactFunctionsOfMath(String packages) {
    DescribedPredicate<JavaCall<?>> inexact =
        target(owner(HasName.Predicates.name(Math.class.getName())))
            .and(target(DescribedPredicate.not(EXACT)));
    return noClasses()
        .that()
        .resideInAPackage(packages)
        .should()
        .callMethodWhere(inexact.as("a function of Math that is not exact"));
  }

  @Test
  void transcendentalFunctionsComeFromStrictMath() {
    JavaClasses classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.darkroom.diffusion");

    onlyExactFunctionsOfMath("io.darkroom.diffusion..").check(classes);
  }

  @Test
  void theRuleFindsFunctionsOfMath() {
    JavaClasses transgressor = new ClassFileImporter().importClasses(NoiseScheduleTest.class);

    assertThat(
            onlyExactFunctionsOfMath("io.darkroom.diffusion..")
                .evaluate(transgressor)
                .getFailureReport()
                .getDetails())
        .anyMatch(detail -> detail.contains("java.lang.Math.sin(double)"))
        .noneMatch(detail -> detail.contains("java.lang.Math.sqrt(double)"));
  }
}
