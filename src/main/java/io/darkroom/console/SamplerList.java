package io.darkroom.console;

import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.sampler.Alias;
import io.darkroom.diffusion.sampler.SamplerFamily;
import io.darkroom.diffusion.sampler.Samplers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Lists the samplers with their short names and options as a JSON tree. */
final class SamplerList {

  private SamplerList() {}

  static List<Map<String, Object>> tree() {
    return Samplers.families().stream().map(SamplerList::family).toList();
  }

  private static Map<String, Object> family(SamplerFamily family) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("name", family.className());
    tree.put("aliases", family.aliases().stream().map(Alias::name).toList());
    tree.put("options", family.options().stream().map(SamplerList::option).toList());
    return tree;
  }

  private static Map<String, Object> option(Option<?> option) {
    boolean none = option.standard() instanceof OptionalDouble number && number.isEmpty();
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("key", option.key());
    tree.put("rule", option.rule());
    tree.put("default", none ? "" : String.valueOf(option.standard()));
    return tree;
  }
}
