package io.darkroom;

import io.darkroom.onnx.FilmPackage;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Requests of models that read tensors, those of the goldens of pipelines with other seeds, and of
 * a model of films.
 */
public final class EveryTensor extends RequestKinds {
  /** Writes packages that are not in the repository below the folder. */
  public EveryTensor(Path folder) throws IOException {
    addGoldens(PipelineGolden::readsTensors);
    addPackage(FilmPackage.write(folder.resolve("films")));
    add(
        """
        {"kind": "generate", "model": "films", "num_inference_steps": 2, "num_frames": 3,
         "width": 6, "height": 4, "eta": 1}
        """);
  }
}
