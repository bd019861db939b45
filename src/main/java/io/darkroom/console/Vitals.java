package io.darkroom.console;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Values of a worker that are not in the topics. Any thread may call the methods. They must return
 * quickly.
 */
public interface Vitals {

  /** The vitals of a console without a worker. */
  Vitals NONE =
      new Vitals() {
        @Override
        public List<Map<String, Object>> models() {
          return List.of();
        }

        @Override
        public OptionalLong calls() {
          return OptionalLong.empty();
        }

        @Override
        public long rows() {
          return 0;
        }

        @Override
        public Map<String, Double> backlogSeconds() {
          return Map.of();
        }
      };

  /** Returns the models that requests may name as JSON trees; empty if they are not known. */
  List<Map<String, Object>> models();

  /**
   * Returns the number of calls of the denoising networks since the start; empty without a worker.
   */
  OptionalLong calls();

  /** Returns the number of rows in these calls. */
  long rows();

  /** Returns the device time that all requests of the worker still need, by model. */
  Map<String, Double> backlogSeconds();
}
