package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.Problems;
import io.darkroom.diffusion.SamplingSpec;
import io.darkroom.diffusion.schedule.Settings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Converts a request's and a package's configuration to {@link Settings} by the declarations of a
 * family. The request overrides the presets of the alias, and these override the package.
 */
final class SettingsReader {

  private SettingsReader() {}

  /** Reads a spec by a family's declarations; adds a problem for each violation. */
  static Settings read(
      SamplingSpec spec, SamplerFamily family, Map<String, Object> presets, Problems problems) {
    Map<String, Object> requested = spec.scheduler().requested();
    Map<String, Object> packaged = new HashMap<>(spec.scheduler().packaged());
    packaged.keySet().removeAll(presets.keySet());
    packaged.keySet().removeAll(requested.keySet());
    Map<String, Object> values = new HashMap<>();
    readPackaged(packaged, family.options(), values, problems);
    presets.forEach((key, value) -> readPreset(key, value, family.options(), values));
    readRequested(requested, family, values, problems);
    readArguments(spec.arguments(), family, values, problems);
    SpecChecks.check(spec, problems);
    return new Settings(spec, family.className(), values);
  }

  /** Reads the package's values that neither the request nor the alias replaces. */
  private static void readPackaged(
      Map<String, Object> packaged,
      List<Option<?>> options,
      Map<String, Object> values,
      Problems problems) {
    for (Option<?> option : options) {
      Object raw = packaged.get(option.key());
      if (raw == null) {
        continue;
      }
      Optional<?> value = option.packaged(raw);
      if (value.isPresent()) {
        values.put(option.key(), value.get());
      } else {
        String rule = option.rule() + " in the package's scheduler configuration";
        problems.mustBe("/scheduler/" + option.key(), rule, raw);
      }
    }
  }

  private static void readPreset(
      String key, Object raw, List<Option<?>> options, Map<String, Object> values) {
    Option<?> option = find(key, options).orElseThrow();
    values.put(key, option.requested(raw).orElseThrow());
  }

  private static void readRequested(
      Map<String, Object> requested,
      SamplerFamily family,
      Map<String, Object> values,
      Problems problems) {
    RequestedKeys keys = RequestedKeys.of(family, requested);
    requested.forEach(
        (key, raw) -> {
          String pointer = "/scheduler/" + Problems.token(key);
          Optional<Option<?>> option = find(key, family.options());
          if (option.isPresent()) {
            read(option.get(), raw, keys.value(option.get(), raw), pointer, values, problems);
          } else if (!keys.allows(key)) {
            problems.add(pointer, "is not known to " + family.className());
          }
        });
  }

  private static void readArguments(
      Map<String, Object> arguments,
      SamplerFamily family,
      Map<String, Object> values,
      Problems problems) {
    arguments.forEach(
        (key, raw) -> {
          String pointer = "/" + Problems.token(key);
          Optional<Option<?>> option = find(key, family.arguments());
          if (option.isPresent()) {
            read(option.get(), raw, option.get().requested(raw), pointer, values, problems);
          } else {
            problems.add(pointer, "is not known to " + family.className());
          }
        });
  }

  private static void read(
      Option<?> option,
      Object raw,
      Optional<?> value,
      String pointer,
      Map<String, Object> values,
      Problems problems) {
    if (value.isPresent()) {
      values.put(option.key(), value.get());
    } else {
      problems.mustBe(pointer, option.rule(), raw);
    }
  }

  private static Optional<Option<?>> find(String key, List<Option<?>> options) {
    return options.stream().filter(option -> option.key().equals(key)).findFirst();
  }
}
