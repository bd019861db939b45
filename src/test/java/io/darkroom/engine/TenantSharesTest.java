package io.darkroom.engine;

import static io.darkroom.engine.FormulaJobs.job;
import static io.darkroom.engine.FormulaJobs.stage;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Free slots are shared between the waiting tenants, by weight. */
class TenantSharesTest {
  private final Map<String, Integer> weights = new HashMap<>();
  private final Map<String, Integer> running = new HashMap<>();
  private final Map<String, Integer> waiting = new HashMap<>();
  private final List<String> left = new ArrayList<>();

  private static RenderEngine engine(int slots) {
    RenderEngine engine =
        new RenderEngine(
            () -> 0L,
            new EngineLimits(slots, Duration.ofSeconds(30), ModelMemory.UNLIMITED, Long.MAX_VALUE),
            EngineObserver.NONE,
            Runnable::run);
    // As many slots as rows of a call: every slot is called in each iteration.
    CompletableFuture<LoadedModel> loaded = engine.load(() -> new FormulaNetworks("formula", 1));
    engine.runIteration();
    assertThat(loaded).isCompleted();
    return engine;
  }

  private Ticket submit(RenderEngine engine, Tenant tenant, int steps, int seed) {
    String name = tenant.name();
    weights.put(name, tenant.weight());
    waiting.merge(name, 1, Integer::sum);
    running.putIfAbsent(name, 0);
    StageJob job =
        job(
            stage("ddim", steps, 1, 1, seed),
            (done, wanted, remaining) -> {
              if (done == 0) {
                waiting.merge(name, -1, Integer::sum);
                running.merge(name, 1, Integer::sum);
              } else if (done == wanted) {
                left.add(name);
              }
            });
    return engine.submit(job.of(tenant));
  }

  @Test
  void aTenantOfManyRequestsDoesNotKeepAnotherWaiting() {
    RenderEngine engine = engine(2);
    for (int i = 0; i < 20; i++) {
      submit(engine, new Tenant("many", 1), 4, i);
    }
    engine.runIteration();
    Ticket other = submit(engine, new Tenant("few", 1), 4, 100);

    for (int i = 0; !other.outcome().isDone(); i++) {
      assertThat(i).as("turns: those under way and its own").isLessThan(40);
      engine.runIteration();
    }
    assertThat(waiting.get("many")).as("it overtook most of them").isGreaterThan(14);
  }

  @Property(tries = 40)
  void waitingTenantsGetSlotsInProportionToTheirWeights(
      @ForAll @IntRange(min = 1, max = 8) int slots,
      @ForAll @IntRange(min = 2, max = 4) int tenants,
      @ForAll Random random) {
    weights.clear();
    running.clear();
    waiting.clear();
    left.clear();
    RenderEngine engine = engine(slots);
    List<Tenant> all = new ArrayList<>();
    for (int i = 0; i < tenants; i++) {
      all.add(new Tenant("tenant-" + i, 1 + random.nextInt(4)));
    }
    List<Ticket> tickets = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      Tenant tenant = all.get(random.nextInt(tenants));
      tickets.add(submit(engine, tenant, 1 + random.nextInt(5), i));
    }
    int checked = 0;
    while (waiting.values().stream().allMatch(count -> count > 0)) {
      leaveSlots();
      int jobs = sum(running) + sum(waiting);
      engine.runIteration();
      assertThat(sum(running)).isEqualTo(Math.min(slots, jobs));
      checked++;
      shared();
    }
    assertThat(checked).isPositive();
    while (tickets.stream().anyMatch(ticket -> !ticket.outcome().isDone())) {
      assertThat(engine.runIteration()).isPositive();
    }
  }

  private static int sum(Map<String, Integer> counts) {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  /**
   * Frees slots. A job whose last evaluation was in an iteration held its slot in the call of that
   * iteration.
   */
  private void leaveSlots() {
    left.forEach(name -> running.merge(name, -1, Integer::sum));
    left.clear();
  }

  /** The last slot of a tenant was given while no other that waits held less for its weight. */
  private void shared() {
    running.forEach(
        (name, slots) ->
            running.forEach(
                (other, theirs) -> {
                  if (waiting.get(other) > 0) {
                    assertThat((slots - 1.0) / weights.get(name))
                        .as("%s with %s, weights %s, running %s", name, other, weights, running)
                        .isLessThanOrEqualTo((double) theirs / weights.get(other));
                  }
                }));
  }
}
