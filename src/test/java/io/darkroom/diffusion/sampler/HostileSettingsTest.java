package io.darkroom.diffusion.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.NoiseSchedule;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.SamplingSpec;
import io.darkroom.diffusion.SchedulerConfig;
import io.darkroom.diffusion.Steps;
import io.darkroom.diffusion.noise.NoiseSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Any settings of a request give a bounded sampler or are refused with reasons. */
class HostileSettingsTest {
  private static final List<Object> VALUES =
      Arrays.asList(
          0,
          1,
          2,
          3,
          5,
          -1,
          1000,
          1001,
          10_000,
          Integer.MAX_VALUE,
          Long.MIN_VALUE,
          0.5,
          1e-300,
          -0.0,
          1e300,
          Double.NaN,
          Double.POSITIVE_INFINITY,
          Double.NEGATIVE_INFINITY,
          true,
          false,
          "",
          "leading",
          "karras",
          "exponential",
          "scaled_linear",
          "trailing",
          "zero",
          "sigma_min",
          "epsilon",
          "v_prediction",
          "sample",
          "flow_prediction",
          "squaredcos_cap_v2",
          "sde-dpmsolver++",
          "dpmsolver",
          "heun",
          "bh1",
          "continuous",
          "log_linear",
          "learned_range",
          "noise_prediction",
          "linear",
          "x".repeat(10_000),
          List.of(),
          List.of(0.1, 0.2),
          List.of(0, 1, 2),
          Collections.nCopies(1000, 0.9999),
          Collections.nCopies(100_000, 0.5),
          List.of("a", List.of()),
          Map.of("a", 1));

  @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
  void bindingReturnsASamplerOrReasons(@ForAll("specs") SamplingSpec spec) {
    try {
      Sampler sampler = Samplers.bind(spec);
      assertThat(sampler.evaluations()).isBetween(1, 11_000);
      assertThat(sampler.memory()).isBetween(0, 10);
      assertThat(sampler.initialScale()).isPositive().isFinite();
      for (int k = 0; k < sampler.evaluations(); k++) {
        assertThat(sampler.timestep(k)).isFinite();
        assertThat(sampler.draws(k)).isBetween(0, 1 + 1000 * 10_000);
        assertThat(sampler.inputScale(k)).isFinite();
        assertThat(sampler.sampleFactor(k)).isFinite();
        assertThat(sampler.outputFactor(k)).isFinite();
      }
    } catch (InvalidSampling reasons) {
      assertThat(reasons.problems()).isNotEmpty();
      assertThat(reasons.problems())
          .allSatisfy(
              problem -> {
                assertThat(problem.pointer()).startsWith("/");
                assertThat(problem.message()).isNotBlank().hasSizeLessThan(500);
              });
    }
  }

  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
  void boundSamplersStayFinite(@ForAll("specs") SamplingSpec spec) {
    Sampler sampler;
    try {
      sampler = Samplers.bind(spec);
    } catch (InvalidSampling refused) {
      return;
    }
    if (sampler.evaluations() > 200 || diverges(sampler)) {
      return;
    }
    float[] picture = {0.5f, -0.5f};
    float[] mask = {1, 0};
    NoiseSource noise = out -> Arrays.fill(out, 0.5f);
    Trajectory trajectory =
        sampler.readsKnown()
            ? Trajectory.around(sampler, noise, picture, mask)
            : new Trajectory(sampler, noise, picture.length);
    while (!trajectory.finished()) {
      trajectory.advance(new float[] {0.1f, -0.1f, 0.1f, -0.1f});
      assertThat(trajectory.sample()[0]).as("%s at %d", spec, trajectory.done()).isFinite();
    }
  }

  /** Returns whether the formula alone takes a sample beyond a float's range, for any network. */
  private static boolean diverges(Sampler sampler) {
    double growth = 1;
    for (int k = 0; k < sampler.evaluations(); k++) {
      growth *= Math.max(1, Math.abs(sampler.sampleFactor(k)));
    }
    return growth > 1e30;
  }

  @Provide
  Arbitrary<SamplingSpec> specs() {
    return Arbitraries.of(Samplers.families())
        .flatMap(
            family ->
                Combinators.combine(
                        overrides(family.options()),
                        overrides(family.options()),
                        overrides(family.arguments()),
                        steps(),
                        strengths(),
                        schedules())
                    .as(
                        (packaged, requested, arguments, steps, strength, schedule) -> {
                          Map<String, Object> named = new HashMap<>(requested);
                          named.put("_class_name", family.className());
                          return new SamplingSpec(
                              new SchedulerConfig(packaged, named),
                              steps,
                              arguments,
                              strength,
                              schedule,
                              true);
                        }));
  }

  /** Returns up to four options: usually valid values, sometimes arbitrary ones. */
  private static Arbitrary<Map<String, Object>> overrides(List<Option<?>> options) {
    if (options.isEmpty()) {
      return Arbitraries.just(Map.of());
    }
    Arbitrary<Map.Entry<String, Object>> one =
        Arbitraries.of(options)
            .flatMap(
                option -> {
                  List<Object> sound =
                      VALUES.stream().filter(value -> option.requested(value).isPresent()).toList();
                  List<Object> mostlySound = new ArrayList<>(VALUES);
                  for (int i = 0; !sound.isEmpty() && i < 30 * VALUES.size() / sound.size(); i++) {
                    mostlySound.addAll(sound);
                  }
                  return Arbitraries.of(mostlySound).map(value -> Map.entry(option.key(), value));
                });
    return one.list()
        .ofMaxSize(4)
        .map(
            entries -> {
              Map<String, Object> map = new HashMap<>();
              entries.forEach(entry -> map.put(entry.getKey(), entry.getValue()));
              return map;
            });
  }

  private static Arbitrary<Steps> steps() {
    Arbitrary<Steps> counts =
        Arbitraries.of(1, 2, 3, 4, 10, 20, 50, 999, 1000, 0, -5, Integer.MAX_VALUE)
            .map(Steps.Count::new);
    Arbitrary<List<Double>> lists =
        Arbitraries.of(
            List.of(),
            List.of(0.0),
            List.of(999.0, 500.0, 0.0),
            List.of(1.0, 0.5, 0.25),
            List.of(10.0, 1.0, 0.0),
            List.of(1.0, 1.0),
            List.of(5.0, 7.0),
            List.of(2000.0, 3.7, 3.2),
            List.of(Double.NaN),
            List.of(Double.POSITIVE_INFINITY, 1.0),
            Collections.nCopies(5000, 1.0));
    Arbitrary<Steps> usual = Arbitraries.integers().between(1, 60).map(Steps.Count::new);
    return Arbitraries.frequencyOf(
        Tuple.of(10, usual),
        Tuple.of(1, counts),
        Tuple.of(1, lists.map(Steps.Timesteps::new)),
        Tuple.of(1, lists.map(Steps.Sigmas::new)));
  }

  private static Arbitrary<Double> strengths() {
    return Arbitraries.frequency(
        Tuple.of(20, 1.0),
        Tuple.of(1, 0.5),
        Tuple.of(1, 0.6),
        Tuple.of(1, 0.01),
        Tuple.of(1, 0.0),
        Tuple.of(1, -1.0),
        Tuple.of(1, Double.NaN));
  }

  private static Arbitrary<Optional<NoiseSchedule>> schedules() {
    return Arbitraries.frequency(
        Tuple.of(16, Optional.empty()),
        Tuple.of(1, Optional.of(new NoiseSchedule.Named("linear", 0.0001, 0.02, 60))),
        Tuple.of(1, Optional.of(new NoiseSchedule.Named("tanh", 0.02, 0.0001, 1000))),
        Tuple.of(1, Optional.of(new NoiseSchedule.Named("?", Double.NaN, -1, -1))),
        Tuple.of(1, Optional.of(new NoiseSchedule.Betas(List.of(0.0001, 0.01, 0.05, 0.5)))),
        Tuple.of(1, Optional.of(new NoiseSchedule.Betas(List.of()))),
        Tuple.of(1, Optional.of(new NoiseSchedule.Betas(List.of(Double.NaN, 2.0, 1e-300)))));
  }
}
