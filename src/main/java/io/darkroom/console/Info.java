package io.darkroom.console;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The facts that the page reads once: what it may do, and which models and samplers a request may
 * name.
 */
final class Info {

  private Info() {}

  static Map<String, Object> of(ConsoleSettings settings, Console.Sources from) {
    Map<String, Object> info = new LinkedHashMap<>();
    info.put("version", from.version());
    info.put("submit", settings.submit());
    info.put("worker", from.vitals().calls().isPresent());
    info.put("brokers", String.valueOf(from.broker().getOrDefault("bootstrap.servers", "")));
    info.put("topic", from.topics().requests().get(0));
    info.put("dead_letters", from.topics().deadLetters());
    info.put("models", from.vitals().models());
    info.put("samplers", SamplerList.tree());
    return info;
  }
}
