package io.darkroom.engine;

/**
 * The tenant of a job. Free slots are shared between the tenants with waiting jobs, by weight.
 *
 * @param name name of the tenant; empty for jobs without one, which together count as one tenant
 * @param weight share of slots relative to other tenants, 1 or more
 */
public record Tenant(String name, int weight) {
  /** The tenant of jobs without one. */
  public static final Tenant NONE = new Tenant("", 1);

  public Tenant {
    if (weight < 1) {
      throw new IllegalArgumentException("weight of " + name + ": must be 1 or more, is " + weight);
    }
  }
}
