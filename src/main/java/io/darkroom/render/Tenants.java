package io.darkroom.render;

import io.darkroom.engine.Tenant;
import io.darkroom.job.RenderRequest;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the tenant of a request: the header {@code tenant} of its record, or else the text {@code
 * tenant} of its metadata, or else the topic of its record.
 *
 * @param weights weights by name; 1 for tenants that are not listed
 */
record Tenants(Map<String, Integer> weights) {
  private static final int LONGEST_NAME = 128;

  Tenants {
    weights = Map.copyOf(weights);
  }

  Tenant of(Delivery delivery, RenderRequest request) {
    Optional<String> name = delivery.tenant();
    if (name.isEmpty() && request.options().metadata().get("tenant") instanceof String text) {
      name = Optional.of(text);
    }
    return name.filter(Tenants::isName)
        .or(() -> Optional.of(delivery.topic()).filter(Tenants::isName))
        .map(each -> new Tenant(each, weights.getOrDefault(each, 1)))
        .orElse(Tenant.NONE);
  }

  private static boolean isName(String name) {
    return !name.isBlank() && name.length() <= LONGEST_NAME;
  }
}
