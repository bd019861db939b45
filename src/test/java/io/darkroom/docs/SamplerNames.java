package io.darkroom.docs;

import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.sampler.Alias;
import io.darkroom.diffusion.sampler.SamplerFamily;
import io.darkroom.diffusion.sampler.Samplers;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The table of names in {@code src/docs/samplers.md}, made from the registered samplers. */
final class SamplerNames {
  static final PageSection SECTION = new PageSection("names");
  static final Path PAGE = Path.of("src/docs/samplers.md");

  private SamplerNames() {}

  private record Row(Alias alias, SamplerFamily family) {
    private String line() {
      return "| `%s` | `%s` | %s | %s |\n"
          .formatted(alias.name(), family.className(), presets(), options());
    }

    private String presets() {
      Map<String, Object> sorted = new TreeMap<>(alias.presets());
      return sorted.entrySet().stream()
          .map(each -> "`%s` %s".formatted(each.getKey(), each.getValue()))
          .collect(Collectors.joining(", "));
    }

    private String options() {
      return family.arguments().stream()
          .map(Option::key)
          .sorted()
          .map("`%s`"::formatted)
          .collect(Collectors.joining(", "));
    }
  }

  static String markdown() {
    return Samplers.families().stream()
        .flatMap(family -> family.aliases().stream().map(alias -> new Row(alias, family)))
        .filter(row -> !row.alias().name().endsWith("Scheduler"))
        .sorted(Comparator.comparing(row -> row.alias().name()))
        .map(Row::line)
        .collect(
            Collectors.joining(
                "",
                "| short name | class of diffusers | sets | fields in addition to the steps |\n|---|---|---|---|\n",
                ""));
  }
}
