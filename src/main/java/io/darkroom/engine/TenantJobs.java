package io.darkroom.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The jobs of each tenant. Engine thread only. */
final class TenantJobs {
  private final Map<String, List<ActiveJob>> byName = new HashMap<>();

  /** Adds a job and removes jobs that have ended. */
  void add(ActiveJob job) {
    byName
        .values()
        .removeIf(
            jobs -> {
              jobs.removeIf(ActiveJob::ended);
              return jobs.isEmpty();
            });
    List<ActiveJob> jobs =
        byName.computeIfAbsent(job.job().tenant().name(), name -> new ArrayList<>());
    jobs.add(job);
    job.ofSameTenant(jobs);
  }

  /** Removes all jobs. */
  void clear() {
    byName.clear();
  }
}
