package io.darkroom.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Returns one line for each unexpected outcome. */
final class Verdict {
  private Verdict() {}

  /** Requests whose file is named {@code bad-*} must be rejected, all others completed. */
  static List<String> of(List<Example> examples, Map<String, Notice> ended) {
    List<String> problems = new ArrayList<>();
    for (Example example : examples) {
      Notice notice = ended.get(example.id());
      if (notice == null) {
        problems.add(
            example.id()
                + ": was not published, because a request that it depends on was not completed");
      } else if (!(example.bad() ? notice.rejected() : notice.completed())) {
        String message = notice.data().path("error").path("message").asText();
        problems.add(
            (example.id() + ": should be " + (example.bad() ? "rejected" : "completed"))
                + (", is " + notice.what() + (message.isEmpty() ? "" : ": " + message)));
      }
    }
    return problems;
  }
}
