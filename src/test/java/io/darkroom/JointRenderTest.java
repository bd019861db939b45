package io.darkroom;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.engine.StageOutcome;
import io.darkroom.job.RenderRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nobody's picture depends on anybody else's, although they share the calls of the network. */
class JointRenderTest {
  private static final String[] SCHEDULERS = {
    "{\"_class_name\": \"ddim\", \"timestep_spacing\": \"leading\"}",
    "{\"_class_name\": \"ddpm\"}",
    "{\"_class_name\": \"euler\", \"use_karras_sigmas\": true}",
    "{\"_class_name\": \"euler_a\"}",
    "{\"_class_name\": \"heun\", \"timestep_spacing\": \"leading\", \"steps_offset\": 1}",
    "{\"_class_name\": \"dpmpp_2m\", \"timestep_spacing\": \"linspace\"}"
  };
  private static final String[] LABELS = {"fox-face", "apple", "panda-face", "car", "hearts"};

  private record Call(int rows, int jobs, int samplers) {}

  private static String request(int i) {
    return """
        {"id": "mixed-%d", "kind": "generate", "model": "emoji-32", "class_label": "%s",
         "scheduler": %s, "num_inference_steps": %d, "seed": %d, "guidance_scale": %s,
         "num_images": %d}
        """
        .formatted(
            i,
            LABELS[i % LABELS.length],
            SCHEDULERS[i % SCHEDULERS.length],
            4 + i % 7,
            1000 + i,
            i % 3 == 0 ? "1.0" : "2.5",
            i % 8 == 0 ? 2 : 1);
  }

  @Test
  void mixedRequestsGiveTheSamePicturesTogetherAndAlone() throws Exception {
    List<Call> calls = new ArrayList<>();
    try (Studio studio =
        new Studio(
            16,
            (model, rows, padding, jobs, samplers, nanos) ->
                calls.add(new Call(rows, jobs, samplers)),
            Studio.STARTER.resolve("emoji-32"))) {
      List<RenderRequest> requests = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        requests.add(studio.request(request(i)));
      }
      List<StageOutcome> together = studio.render(requests);
      List<Call> joint = List.copyOf(calls);
      for (int i = 0; i < requests.size(); i++) {
        List<StageOutcome.Picture> alone = studio.render(requests.get(i));
        List<StageOutcome.Picture> beside = ((StageOutcome.Done) together.get(i)).pictures();
        assertThat(beside).hasSameSizeAs(alone);
        for (int k = 0; k < alone.size(); k++) {
          assertThat(beside.get(k).pixels().values())
              .as("request %s, image %s", i, k)
              .isEqualTo(alone.get(k).pixels().values());
        }
      }
      assertThat(joint.stream().mapToInt(Call::rows).average().orElse(0)).isGreaterThanOrEqualTo(3);
      assertThat(joint.stream().filter(call -> call.jobs() > 1 && call.samplers() > 1).count())
          .isGreaterThan(joint.size() / 2);
    }
  }
}
