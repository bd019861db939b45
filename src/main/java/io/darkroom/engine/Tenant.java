package io.darkroom.engine;

/**
 * Whose job it is: free slots are shared between the tenants with waiting jobs, by weight.
 *
 * @param name of the tenant; empty for jobs without one, which share as one tenant
 * @param weight slots relative to those of other tenants, 1 or more
 */
public record Tenant(String name, int weight) {
  /** Of jobs without a tenant. */
  public static final Tenant NONE = new Tenant("", 1);

  public Tenant {
    if (weight < 1) {
      throw new IllegalArgumentException("weight of " + name + ": must be 1 or more, is " + weight);
    }
  }
}
